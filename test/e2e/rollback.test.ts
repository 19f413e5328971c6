import type { GenAIPlatform } from '@genai-platform/crds';
import { isReady, patchSpec, platformUntil } from './harness/cluster.ts';
import { echoImage, loadEchoImage } from './harness/echo-image.ts';
import { Load } from './harness/load.ts';
import type { Counts } from './harness/tally.ts';

const rollout = { rollbackPolicy: 'Auto', progressDeadline: '45s' };
const overrides = { formatConversion: echoImage };
const env = (variables: Readonly<Record<string, string>>): object => ({
  formatConversion: { env: Object.entries(variables).map(([name, value]) => ({ name, value })) },
});
const isRolledBack = ({ metadata, status }: GenAIPlatform): boolean =>
  status?.conditions?.some(({ type, status: holds, reason, observedGeneration }) => type === 'Stalled' && holds === 'True' && reason === 'RolledBack' && observedGeneration === metadata.generation) ?? false; // prettier-ignore

let load: Load;
const seen: Counts[] = [];

/** Takes what was counted, prints it, and keeps it for the sum. */
function counted(what: string): Counts {
  const counts = load.take();
  seen.push(counts);
  process.stdout.write(`${JSON.stringify({ load: what, ...counts, failed: counts.failed.length })}\n`);
  return counts;
}

beforeAll(async () => {
  await loadEchoImage();
  await patchSpec({ images: { overrides }, services: env({}), rollout });
  await platformUntil(isReady, 240);
  load = new Load();
});

afterAll(async () => {
  await load.stop();
  await patchSpec({ images: null, services: null, gateway: null, rollout: null });
  await platformUntil(isReady, 240);
});

test.each<[what: string, bad: object, reason: string, words: string]>([
  [
    'an image that cannot be pulled, after a wave that has succeeded',
    { images: { overrides: { gateway: { tag: 'no-such-tag' } } }, services: env({ ECHO_COLOR: 'blue' }) },
    'ImagePullFailed',
    'no-such-tag',
  ],
  ['a version that crashes', { services: env({ ECHO_FAULT: 'crash' }) }, 'ContainerCrashing', 'exit code 3'],
  ['a version that never gets ready', { services: env({ ECHO_FAULT: 'unready' }) }, 'ProbeFailing', 'readiness probe'],
  [
    'a migration that fails',
    { services: env({ ECHO_FAULT: 'migration' }) },
    'MigrationFailed',
    'made to fail: migration',
  ],
])('%s goes back by itself, and no user notices', async (what, bad, reason, words) => {
  await patchSpec(bad);
  const { status } = await platformUntil(isRolledBack, 240);
  expect(status?.rollback).toMatchObject({ to: status?.lastGoodRevision, reason });
  expect(status?.rollback?.message).toContain(words);
  expect(counted(what).failed).toEqual([]);
  await patchSpec({ images: { overrides: { gateway: null } }, services: env({}) });
  await platformUntil(isReady, 120);
});

test('a version that is good replaces every pod of the gateway and of a service, and no user notices', async () => {
  const gateway = { env: [{ name: 'LOG_LEVEL', value: 'warn' }] };
  await patchSpec({ gateway, services: env({ ECHO_COLOR: 'green' }) });
  await platformUntil(isReady, 240);
  await load.stop();
  const { failed, reconnects } = counted('a good version');
  expect(failed).toEqual([]);
  expect(reconnects).toBeGreaterThan(0);
  const sum = (of: (counts: Counts) => number): number => seen.reduce((total, counts) => total + of(counts), 0);
  expect(sum(({ http }) => http)).toBeGreaterThan(500);
  expect(sum(({ streams }) => streams)).toBeGreaterThan(20);
  expect(sum(({ sockets }) => sockets)).toBeGreaterThan(200);
});
