import { join } from 'node:path';
import { helmPath } from '../kind/tools.ts';
import type { Checkout } from '../machine/checkout.ts';
import { exec } from '../machine/exec.ts';
import type { StepContext } from '../progress/steps.ts';
import type { Release } from './release.ts';

/** Where the operator runs. */
export const operatorNamespace = 'genai-system';

/** Installs or upgrades the operator by its chart, and waits until it is ready. */
export async function installOperator(checkout: Checkout, release: Release, context: StepContext): Promise<void> {
  context.say('helm upgrade --install genai-operator');
  const values = { 'image.tag': release.version, 'platform.version': release.version };
  await exec(
    await helmPath(),
    [
      ...['upgrade', '--install', 'genai-operator', join(checkout.root, 'charts/genai-operator')],
      ...['--namespace', operatorNamespace, '--create-namespace', '--kubeconfig', checkout.kubeconfig],
      ...Object.entries(values).flatMap(([key, value]) => ['--set-string', `${key}=${value}`]),
      ...['--wait', '--timeout', '240s'],
    ],
    { log: context.log, signal: context.signal, deadlineMs: 300_000 },
  );
}
