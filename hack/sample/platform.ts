import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GenAIPlatform } from '@genai-platform/crds';
import { kubectl } from '../kind/kubectl.ts';
import { AdvisedError } from '../machine/advice.ts';
import type { Checkout } from '../machine/checkout.ts';
import type { StepContext } from '../progress/steps.ts';
import type { Release } from './release.ts';

/** Name and namespace of the sample. */
export const sample = { name: 'acme', namespace: 'acme' } as const;

const readyDeadlineMs = 10 * 60_000;
const pollMs = 1_000;

/** Applies the sample platform and waits until it is Ready with the images of this release. */
export async function applySample(checkout: Checkout, release: Release, context: StepContext): Promise<void> {
  const { say, log, signal } = context;
  say('kubectl apply');
  await kubectl(checkout, ['apply', '-f', join(import.meta.dirname, 'platform.yaml')], { log, signal });
  const deadline = Date.now() + readyDeadlineMs;
  for (;;) {
    signal.throwIfAborted();
    const platform = await readSample(checkout);
    if (isReady(platform, release)) return;
    say(platform.status?.summary ?? 'waiting for the operator');
    if (Date.now() > deadline) throw notReady(platform);
    await sleep(pollMs, undefined, { signal });
  }
}

/** The sample as the API server has it. */
export async function readSample(checkout: Checkout): Promise<GenAIPlatform> {
  const target = ['genaiplatform', sample.name, '--namespace', sample.namespace];
  return JSON.parse(await kubectl(checkout, ['get', ...target, '--output', 'json'])) as GenAIPlatform;
}

function isReady({ metadata, status }: GenAIPlatform, release: Release): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const current = ready?.observedGeneration === metadata.generation && status?.version === release.version;
  return current && ready?.status === 'True';
}

function notReady({ status }: GenAIPlatform): AdvisedError {
  const lines = (status?.conditions ?? [])
    .filter((condition) => condition.status !== 'True' && !['Stalled', 'Degraded'].includes(condition.type))
    .map(({ type, reason, message }) => `    ${type}: ${reason}: ${message}`);
  return new AdvisedError(
    [`the platform is not Ready after ${String(readyDeadlineMs / 60_000)} minutes:`, ...lines].join('\n'),
    `hack/kubectl -n ${sample.namespace} describe genaiplatform ${sample.name}`,
  );
}
