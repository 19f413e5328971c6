import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { profileDefaults } from '@genai-platform/crds';
import { checkoutRoot } from '../../machine/checkout.ts';

/**
 * Node's options in a pod of the profile `dev`: what the image sets, and the bound of the heap. Node takes half of a
 * container's memory for that; on this machine it would take half of the whole machine's.
 */
export async function podFlags(workspace: string, size: 'small' | 'large'): Promise<string> {
  const dockerfile = await readFile(join(checkoutRoot, workspace, 'Dockerfile'), 'utf8');
  const own = /\bNODE_OPTIONS=(\S+)/.exec(dockerfile)?.[1] ?? '';
  const { memory } = profileDefaults.dev.workloads[size].limits;
  return `${own} --max-old-space-size=${String(mebibytes(memory) / 2)}`.trim();
}

function mebibytes(quantity: string): number {
  const [, amount, unit] = /^(\d+)(Mi|Gi)$/.exec(quantity) ?? [];
  if (amount === undefined) throw new Error(`"${quantity}" is no amount of memory`);
  return Number(amount) * (unit === 'Gi' ? 1_024 : 1);
}
