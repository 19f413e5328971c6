import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { checkoutRoot } from '../machine/checkout.ts';
import { sourceFlags } from '../machine/source-flags.ts';
import { mutants } from './mutants.ts';

interface Run {
  readonly plans: number;
  readonly converged: number;
}

/**
 * Runs the plans that are to catch each mutant, first without any of them, then with each in a process of its own.
 * @returns the names of those that no plan has noticed. @throws Error when a plan fails without a mutant.
 */
export async function catchMutants(): Promise<string[]> {
  const plans = [...new Set(mutants.flatMap(({ caughtBy }) => caughtBy))];
  const healthy = await runPlans(plans);
  if (healthy.converged < healthy.plans)
    throw new Error('plans fail without any mutant: what they find proves nothing');
  const escaped: string[] = [];
  for (const { name, what, caughtBy } of mutants) {
    const { plans: all, converged } = await runPlans(caughtBy, name);
    const caught = converged < all;
    console.error(`${caught ? 'caught ' : 'ESCAPED'}  ${name}: ${what}`);
    if (!caught) escaped.push(name);
  }
  return escaped;
}

/** @throws Error when the run itself breaks: a mutant that cannot even start is not caught by a plan. */
async function runPlans(plans: readonly string[], mutant?: string): Promise<Run> {
  const args = ['--quick', '--plan', plans.join(','), ...(mutant === undefined ? [] : ['--mutant', mutant])];
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [...sourceFlags, main, ...args], {
    cwd: checkoutRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  const figure = (name: string): number => {
    const line = output.split('\n').find((each) => each.includes(`"${name}"`));
    if (line === undefined) throw new Error(`${mutant ?? 'the suite'} could not be run`);
    return (JSON.parse(line) as { value: number }).value;
  };
  return { plans: figure('faults.plans'), converged: figure('faults.converged') };
}
