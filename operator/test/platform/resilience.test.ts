import type { GenAIPlatformSpec } from '@genai-platform/crds';
import { controllers } from '../../src/controllers.ts';
import type { Controller, KubeObject, Manager, Step } from '../../src/runtime/index.ts';
import type { Place } from './harness/place.ts';
import { eventually, has, isReady } from './harness/place.ts';
import { World, auditPolicy } from './harness/world.ts';

const dev: GenAIPlatformSpec = { profile: 'dev', ingress: { host: 'ai.example.com' } };
// Short, so that a test does not wait for the default 15 s to see a takeover.
const hasty = {
  LEADER_ELECTION_LEASE_DURATION_SECONDS: '4',
  LEADER_ELECTION_RENEW_DEADLINE_SECONDS: '3',
  LEADER_ELECTION_RETRY_PERIOD_SECONDS: '1',
};

let world: World;
let place: Place;

beforeAll(async () => {
  world = await World.start({ auditPolicy });
});

afterAll(() => world.stop());

beforeEach(async () => {
  place = await world.place();
});

afterEach(() => world.stopOperators());

/** Everything a platform consists of, as far as it must be the same whichever way it came about. */
async function endState(of: Place): Promise<Record<string, string[]>> {
  const plurals = ['deployments', 'statefulsets', 'services', 'secrets', 'configmaps', 'networkpolicies', 'ingresses', 'jobs']; // prettier-ignore
  const names = await Promise.all(plurals.map((plural) => of.names(plural)));
  // A Job is named after what it reads, passwords included, and those differ from platform to platform.
  return Object.fromEntries(plurals.map((plural, at) => [plural, names[at]?.map((name) => name.replace(/-[0-9a-f]{8}$/, '')) ?? []])); // prettier-ignore
}

const secretsOf = async (): Promise<string> =>
  JSON.stringify((await place.list<{ data: object }>('secrets')).map(({ metadata, data }) => [metadata.name, data]));

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
  await place.apply({ ...dev, deletionPolicy: 'Delete' });
  let secrets: string | undefined;
  for (const index of controller!.steps.keys()) {
    await runUntil('steps', index);
    if (controller?.steps[index]?.name === 'secrets') secrets = await secretsOf();
  }
  await world.startOperator();
  await place.until(isReady);
  expect(await secretsOf()).toBe(secrets);
  expect(await endState(place)).toEqual(await referenceState());
  await world.stopOperators();

  await place.delete();
  for (const index of controller!.finalize.keys()) await runUntil('finalize', index);
  await world.startOperator();
  await place.gone();
  await eventually(async () => {
    for (const names of Object.values(await endState(place))) expect(names).toEqual([]);
  });
}, 240_000);

/** The end state of a platform that nothing happened to. */
async function referenceState(): Promise<Record<string, string[]>> {
  const reference = await world.place();
  await reference.ready({ ...dev, deletionPolicy: 'Delete' });
  return endState(reference);
}

test('of two operators one writes, and the other goes on when that one dies', async () => {
  const first = await world.startOperator({ environment: hasty });
  const second = await world.startOperator({ environment: hasty });
  await place.ready(dev);
  const [leader, standby] = first.isLeading() ? [first, second] : [second, first];
  expect(standby.isLeading()).toBe(false);
  expect(await metricsOf(standby)).not.toMatch(/controller_runtime_reconcile_total\{[^}]*\} [1-9]/);
  await world.stopOperator(leader);
  await place.apply({ ...dev, services: { search: { replicas: 2 } } });
  const { status } = await place.until((platform) => isReady(platform) && standby.isLeading());
  expect(status?.workloads?.find(({ name }) => name === 'search')?.desired).toBe(2);
});

test('an operator that takes over a finished platform writes nothing', async () => {
  const first = await world.startOperator();
  await place.ready(dev);
  await world.stopOperator(first);
  const before = await world.writes();
  await synced(await world.startOperator());
  expect(await world.writes()).toEqual(before);
});

test('an API server that crashes in the middle is waited for', async () => {
  await world.startOperator();
  await place.apply(dev);
  await place.until(has('DatabaseReady', 'True')); // prettier-ignore
  await world.plane.restartApiServer();
  await place.until(isReady, 60_000);
  await world.plane.restartApiServer();
  await place.apply({ ...dev, services: { search: { replicas: 2 } } });
  await place.until(isReady, 60_000);
});

/** Waits until the operator has looked at every platform once. */
async function synced(manager: Manager): Promise<void> {
  await eventually(async () => {
    expect(manager.isLeading()).toBe(true);
    expect(await metricsOf(manager)).toMatch(/controller_runtime_reconcile_total\{[^}]*result="success"[^}]*\} [1-9]/);
  });
}

async function metricsOf({ healthPort }: Manager): Promise<string> {
  return (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
}
