import type { GenAIPlatformSpec } from '@genai-platform/crds';
import { controllers } from '../../src/controllers.ts';
import type { Controller, KubeObject, Manager, Step } from '../../src/runtime/index.ts';
import { World, auditPolicy, isReady } from './harness/world.ts';

const dev: GenAIPlatformSpec = { profile: 'dev', ingress: { host: 'ai.example.com' } };
// Short, so that a test does not wait for the default 15 s to see a takeover.
const hasty = {
  LEADER_ELECTION_LEASE_DURATION_SECONDS: '4',
  LEADER_ELECTION_RENEW_DEADLINE_SECONDS: '3',
  LEADER_ELECTION_RETRY_PERIOD_SECONDS: '1',
};

let world: World;
let namespace: string;

beforeAll(async () => {
  world = await World.start({ auditPolicy });
});

afterAll(() => world.stop());

beforeEach(async () => {
  namespace = await world.namespace();
});

afterEach(() => world.stopOperators());

/** Everything a platform consists of, as far as it must be the same whichever way it came about. */
async function endState(): Promise<Record<string, string[]>> {
  const plurals = ['deployments', 'statefulsets', 'services', 'secrets', 'configmaps', 'networkpolicies', 'ingresses', 'jobs']; // prettier-ignore
  const lists = await Promise.all(plurals.map((plural) => world.list(namespace, plural)));
  const names = lists.map((list) =>
    list.map(({ metadata }) => withoutDigest(metadata.name)).filter((name) => name.startsWith('acme')),
  );
  return Object.fromEntries(plurals.map((plural, index) => [plural, (names[index] ?? []).sort()]));
}

/** A Job is named after what it reads, passwords included, and those differ from platform to platform. */
const withoutDigest = (name: string): string => name.replace(/-[0-9a-f]{8}$/, '');

const secretsOf = async (): Promise<string> => JSON.stringify(
  (await world.list<{ data: object }>(namespace, 'secrets')).map(({ metadata, data }) => [metadata.name, data]),
); // prettier-ignore

/** The controllers, with a step that calls `then` once it has done its work, before anything after it happens. */
const withStop =
  (list: 'steps' | 'finalize', index: number, then: () => void) =>
  (deps: Parameters<typeof controllers>[0]): Controller[] =>
    controllers(deps).map((controller) => {
      const cut = (step: Step<KubeObject>): Step<KubeObject> => ({
        ...step,
        async run(context) {
          const result = await step.run(context);
          if (result.outcome !== 'done') return result;
          then();
          // What comes after never happens, as in a process that ended here.
          return new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(new Error('ended here')))); // prettier-ignore
        },
      });
      return { ...controller, [list]: controller[list].map((step, at) => (at === index ? cut(step) : step)) };
    });

/** Runs an operator until that step is done, and stops it there. */
async function runUntil(list: 'steps' | 'finalize', index: number): Promise<void> {
  const reached = Promise.withResolvers<void>();
  const environment = { SHUTDOWN_GRACE_SECONDS: '1' };
  const manager = await world.startOperator({ environment, controllers: withStop(list, index, reached.resolve) });
  await reached.promise;
  await world.stopOperator(manager);
}

test('stopped after every step of making a platform, and of removing it, it ends where it would have', async () => {
  const [controller] = controllers({} as Parameters<typeof controllers>[0]);
  await world.apply(namespace, 'acme', { ...dev, deletionPolicy: 'Delete' });
  let secrets: string | undefined;
  for (const index of controller!.steps.keys()) {
    await runUntil('steps', index);
    secrets ??= await secretsOf();
  }
  await world.startOperator();
  await world.until([namespace, 'acme'], isReady);
  expect(await secretsOf()).toBe(secrets);
  expect(await endState()).toEqual(await referenceState());
  await world.stopOperators();

  await world.delete(namespace, 'acme');
  for (const index of controller!.finalize.keys()) await runUntil('finalize', index);
  await world.startOperator();
  await world.eventually(async () => {
    await expect(world.platform(namespace, 'acme')).rejects.toThrow(/404/);
  });
  await world.eventually(async () => {
    for (const names of Object.values(await endState())) expect(names).toEqual([]);
  });
}, 240_000);

/** The end state of a platform that nothing happened to, in a namespace of its own. */
async function referenceState(): Promise<Record<string, string[]>> {
  const own = namespace;
  namespace = await world.namespace();
  await world.apply(namespace, 'acme', { ...dev, deletionPolicy: 'Delete' });
  await world.until([namespace, 'acme'], isReady);
  const state = await endState();
  namespace = own;
  return state;
}

test('of two operators one writes, and the other goes on when that one dies', async () => {
  const first = await world.startOperator({ environment: hasty });
  const second = await world.startOperator({ environment: hasty });
  await world.apply(namespace, 'acme', dev);
  await world.until([namespace, 'acme'], isReady);
  const [leader, standby] = first.isLeading() ? [first, second] : [second, first];
  expect(standby.isLeading()).toBe(false);
  expect(await metricsOf(standby)).not.toMatch(/controller_runtime_reconcile_total\{[^}]*\} [1-9]/);
  await world.stopOperator(leader);
  await world.apply(namespace, 'acme', { ...dev, services: { search: { replicas: 2 } } });
  const { status } = await world.until([namespace, 'acme'], (platform) => isReady(platform) && standby.isLeading());
  expect(status?.workloads?.find(({ name }) => name === 'search')?.desired).toBe(2);
});

test('an operator that takes over a finished platform writes nothing', async () => {
  const first = await world.startOperator();
  await world.apply(namespace, 'acme', dev);
  await world.until([namespace, 'acme'], isReady);
  await world.stopOperator(first);
  const before = await world.writes();
  await synced(await world.startOperator());
  expect(await world.writes()).toEqual(before);
});

test('an API server that crashes in the middle is waited for', async () => {
  await world.startOperator();
  await world.apply(namespace, 'acme', dev);
  await world.until([namespace, 'acme'], ({ status }) => status?.conditions?.some(({ type, status: holds }) => type === 'DatabaseReady' && holds === 'True') ?? false); // prettier-ignore
  await world.plane.restartApiServer();
  await world.until([namespace, 'acme'], isReady, 60_000);
  await world.plane.restartApiServer();
  await world.apply(namespace, 'acme', { ...dev, services: { search: { replicas: 2 } } });
  await world.until([namespace, 'acme'], isReady, 60_000);
});

/** Waits until the operator has looked at every platform once. */
async function synced(manager: Manager): Promise<void> {
  await world.eventually(async () => {
    expect(manager.isLeading()).toBe(true);
    expect(await metricsOf(manager)).toMatch(/controller_runtime_reconcile_total\{[^}]*result="success"[^}]*\} [1-9]/);
  });
}

async function metricsOf({ healthPort }: Manager): Promise<string> {
  return (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
}
