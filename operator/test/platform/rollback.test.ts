import { catalogue } from '@genai-platform/cdk8s';
import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { Platform } from '../../src/platform/kinds.ts';
import type { Place } from './harness/place.ts';
import { eventually, has, isReady } from './harness/place.ts';
import type { Fate, SeenPod } from './harness/pod-double.ts';
import { World, auditPolicy } from './harness/world.ts';

/** The names of all workloads, as a status lists them. */
const everything = catalogue.map(({ name }) => name).sort();

const rollout = { rollbackPolicy: 'Auto', progressDeadline: '10s' } as const;
const good: GenAIPlatformSpec = { profile: 'dev', rollout };
const withImage = (workload: 'gateway' | 'search', tag: string): GenAIPlatformSpec => ({ ...good, images: { overrides: { [workload]: { tag } } } }); // prettier-ignore

jest.setTimeout(240_000);
let world: World;

beforeAll(async () => {
  world = await World.start({ auditPolicy });
  await world.startOperator();
});

afterAll(() => world.stop());

const isRolledBack = has('Stalled', 'True', 'RolledBack');
const currentOf = ({ status }: Platform): string => status?.currentRevision ?? '';
/** What fails is waited for: 10 s here, or the tries of a Job. */
const rolledBack = (place: Place): Promise<Platform> => place.until(isRolledBack, 120_000);
const runs = ({ spec }: SeenPod, image: string): boolean => spec.containers[0]?.image.endsWith(image) ?? false;
const condition = ({ status }: Platform, type: string): object | undefined => status?.conditions?.find((one) => one.type === type); // prettier-ignore
const imageOf = async (place: Place, name: string): Promise<string | undefined> =>
  (await place.get<{ spec: { template: { spec: { containers: { image: string }[] } } } }>('deployments', name)).spec.template.spec.containers[0]?.image; // prettier-ignore
const templateOf = async (place: Place, name: string): Promise<unknown> =>
  (await place.get<{ spec: { template: unknown } }>('statefulsets', name)).spec.template;
/** What the operator has written in this namespace, events aside, which come later and together. */
const writesOf = async ({ namespace }: Place): Promise<string[]> => (await world.writes()).filter((line) => line.includes(`/${namespace}/`) && !line.includes('/events')); // prettier-ignore

test.concurrent.each<[what: string, fate: Fate, reason: string, words: string]>([
  ['cannot be pulled', { kind: 'waiting', reason: 'ImagePullBackOff', message: 'Back-off pulling image "x": ErrImagePull: not found' }, 'ImagePullFailed', 'image ghcr.io/genai-platform/genai-platform-gateway:bad: not found'], // prettier-ignore
  ['crashes', { kind: 'crashing', exitCode: 1, message: 'GATEWAY_ROUTES is wrong' }, 'ContainerCrashing', 'ended with exit code 1: GATEWAY_ROUTES is wrong'], // prettier-ignore
  ['never gets ready', { kind: 'unready' }, 'ProbeFailing', 'its readiness probe does not succeed'],
  ['finds no node', { kind: 'unschedulable', message: '0/3 nodes are available: 3 Insufficient cpu.' }, 'Unschedulable', '3 Insufficient cpu'], // prettier-ignore
])(
  'a version that %s goes back to the last good one, which never stopped serving',
  async (_what, fate, reason, words) => {
    const place = await world.place();
    const to = currentOf(await place.ready(good));
    const before = await place.servingPods();
    place.pods((pod) => (runs(pod, 'gateway:bad') ? fate : undefined));
    await place.apply(withImage('gateway', 'bad'));
    const platform = await rolledBack(place);
    const from = currentOf(platform);
    const told = expect.stringContaining(words);
    expect(platform.status).toMatchObject({
      rollback: { from, to, generation: platform.metadata.generation, reason, message: told },
      lastGoodRevision: to,
      services: `${catalogue.length}/${catalogue.length}`,
      version: '0.1.0',
      summary: expect.stringContaining(`revision ${from} failed and revision ${to} is back: gateway: `),
      history: [
        { revision: from, number: 2, result: 'Failed', message: told },
        { revision: to, number: 1, result: 'Good' },
      ],
    });
    for (const type of ['Ready', 'Degraded']) expect(condition(platform, type)).toMatchObject({ reason: 'RolledBack' });
    expect(await imageOf(place, 'acme-gateway')).toContain(':0.1.0');
    await eventually(async () => expect(await place.servingPods()).toEqual(before));
  },
);

test.concurrent('what was rolled back rests, and another specification is tried', async () => {
  const place = await world.place();
  await place.ready(good);
  place.pods((pod) => (runs(pod, 'gateway:bad') ? { kind: 'crashing', exitCode: 1, message: 'no' } : undefined));
  await place.apply(withImage('gateway', 'bad'));
  await rolledBack(place);
  const rests = async (): Promise<void> => {
    const before = await writesOf(place);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await writesOf(place)).toEqual(before);
  };
  await eventually(rests);
  // Looked at again for something that changes nothing, and left alone.
  await place.patch('services', 'acme-search', { metadata: { labels: { looked: 'at' } } });
  await rests();
  await place.apply(withImage('gateway', 'better'));
  const { status } = await place.until(isReady);
  expect(status?.rollback).toBeUndefined();
  expect(status?.workloads?.find(({ name }) => name === 'gateway')?.version).toBe('better');
  expect(has('Degraded', 'False')(await place.platform())).toBe(true);
});

test.concurrent('what was rolled out before the wave that failed goes back as well', async () => {
  const place = await world.place();
  await place.ready(good);
  const database = await templateOf(place, 'acme-postgres');
  place.pods((pod) => (runs(pod, 'gateway:2') ? { kind: 'waiting', reason: 'InvalidImageName', message: 'no such name' } : undefined)); // prettier-ignore
  await place.apply({ ...good, version: '2', services: { search: { replicas: 2 } } });
  await place.until(({ status }) => status?.workloads?.find(({ name }) => name === 'search')?.version === '2');
  const { status } = await rolledBack(place);
  const rows = status?.workloads?.map(({ name, version, verification }) => [name, version, verification?.result]);
  expect(rows).toEqual(everything.map((name) => [name, '0.1.0', 'Passed']));
  // How many there are is no part of a revision, and the database has an image of its own.
  expect(status?.workloads?.find(({ name }) => name === 'search')?.desired).toBe(2);
  expect(await templateOf(place, 'acme-postgres')).toEqual(database);
});

test.concurrent(
  'a migration that fails ends the rollout before any workload changes, and its Job stays to be read',
  async () => {
    const place = await world.place();
    await place.ready(good);
    const before = await place.servingPods();
    const failed = { kind: 'failed', exitCode: 1, message: 'relation "documents" is locked' } as const;
    const restore = place.pods((pod) => (runs(pod, 'search:bad') ? failed : undefined));
    await place.apply(withImage('search', 'bad'));
    const { rollback } = (await rolledBack(place)).status ?? {};
    expect(rollback).toMatchObject({ reason: 'MigrationFailed', message: expect.stringContaining('relation "documents" is locked') }); // prettier-ignore
    expect(await place.servingPods()).toEqual(before);
    const [, job = ''] = /Job (\S+):/.exec(String(rollback?.message)) ?? [];
    expect((await place.get<{ status: { failed: number } }>('jobs', job)).status.failed).toBeGreaterThan(0);
    // The same once more, by a change beside it: the migration runs again.
    restore();
    await place.apply({ ...withImage('search', 'bad'), gateway: { replicas: 1 } });
    expect((await place.until(isReady)).status?.history).toMatchObject([
      { number: 2, result: 'Good' },
      { number: 1, result: 'Good' },
    ]);
    expect(await imageOf(place, 'acme-search')).toContain(':bad');
  },
);

test.concurrent(
  'an image of the database that cannot be pulled goes back with the revision that brought it',
  async () => {
    const place = await world.place();
    const to = currentOf(await place.ready(good));
    const [before, volumes] = [await templateOf(place, 'acme-postgres'), await place.list('persistentvolumeclaims')];
    place.pods((pod) => (runs(pod, 'postgres:bad') ? { kind: 'waiting', reason: 'ImagePullBackOff', message: 'not found' } : undefined)); // prettier-ignore
    const overrides = { postgres: { tag: 'bad' }, valkey: { tag: '8-2' }, gateway: { tag: 'better' } };
    await place.apply({ ...good, images: { overrides } });
    const { status } = await rolledBack(place);
    expect(status?.rollback).toMatchObject({ to, reason: 'ImagePullFailed', images: ['postgres'] });
    expect(status?.services).toBe(`${catalogue.length}/${catalogue.length}`);
    expect(await templateOf(place, 'acme-postgres')).toEqual(before);
    // What works stays as it is wanted.
    expect(JSON.stringify(await templateOf(place, 'acme-cache'))).toContain('valkey:8-2');
    expect((await place.list('persistentvolumeclaims')).map(({ metadata }) => metadata.uid)).toEqual(volumes.map(({ metadata }) => metadata.uid)); // prettier-ignore
  },
);

test.concurrent('a version that does not answer its real request goes back', async () => {
  const place = await world.place();
  await place.ready(good);
  const restore = world.answerer.fail(`acme-search.${place.namespace}.`, 500);
  await place.apply(withImage('search', 'mute'));
  const { status } = await place.until((platform) => platform.status?.rollback !== undefined);
  expect(status?.rollback).toMatchObject({ reason: 'VerificationFailed', message: 'search: GET /v1/search/indexes?limit=1: HTTP 500 instead of 200: Not today' }); // prettier-ignore
  restore();
  await rolledBack(place);
  expect(await imageOf(place, 'acme-search')).toContain(':0.1.0');
});

test.concurrent('what the API server refuses goes back, before it has disturbed anything', async () => {
  const place = await world.place();
  await place.ready(good);
  const before = await place.servingPods();
  const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'not a key!' }] } };
  await place.apply({ ...good, gateway: { affinity } });
  const { status } = await rolledBack(place);
  expect(status?.rollback).toMatchObject({ reason: 'Invalid', message: expect.stringContaining('topologyKey') });
  expect(await place.servingPods()).toEqual(before);
});

test.concurrent(
  'with rollbackPolicy Manual a failure stays as it is, and a change of policy brings back what was good',
  async () => {
    const place = await world.place();
    const manual = { ...rollout, rollbackPolicy: 'Manual' } as const;
    const { status: first } = await place.ready({ ...good, rollout: manual });
    const before = await place.servingPods();
    place.pods((pod) => (runs(pod, 'gateway:bad') ? { kind: 'crashing', exitCode: 3, message: 'no' } : undefined));
    await place.apply({ ...withImage('gateway', 'bad'), rollout: manual });
    const { status } = await place.until(has('Stalled', 'True', 'ContainerCrashing'));
    expect(status?.summary).toContain(
      `revision ${first?.currentRevision ?? ''} was the last good one; rollbackPolicy is Manual`,
    );
    expect(status?.rollback).toBeUndefined();
    expect(status?.history?.[0]).toMatchObject({ result: 'Failed' });
    expect(await imageOf(place, 'acme-gateway')).toContain(':bad');
    expect(await place.servingPods()).toEqual(expect.arrayContaining(before));
    await place.apply(withImage('gateway', 'bad'));
    await rolledBack(place);
    expect(await imageOf(place, 'acme-gateway')).toContain(':0.1.0');
  },
);

test.concurrent('where nothing was good before, nothing comes back: it is waited for', async () => {
  const place = await world.place();
  const restore = place.pods((pod) => (runs(pod, 'gateway:0.1.0') ? { kind: 'crashing', exitCode: 1, message: 'no' } : undefined)); // prettier-ignore
  await place.apply(good);
  await place.until(has('ServicesReady', 'False', 'ContainerCrashing'));
  await eventually(async () => {
    const { status } = await place.get<{ status: { conditions: { type: string; status: string }[] } }>('deployments', 'acme-gateway'); // prettier-ignore
    expect(status.conditions.find(({ type }) => type === 'Progressing')?.status).toBe('False');
  });
  expect((await place.platform()).status?.rollback).toBeUndefined();
  restore();
  await place.until(isReady);
});

test.concurrent('a revision whose record is gone is not guessed: everything stays as it is', async () => {
  const place = await world.place();
  const { status: first } = await place.ready(good);
  place.pods((pod) => (runs(pod, 'gateway:bad') ? { kind: 'crashing', exitCode: 1, message: 'no' } : undefined));
  await place.apply(withImage('gateway', 'bad'));
  await rolledBack(place);
  const before = await place.servingPods();
  await place.remove('controllerrevisions', `acme-${first?.currentRevision ?? ''}`);
  await place.until(has('Stalled', 'True', 'RevisionLost'));
  expect(await place.servingPods()).toEqual(expect.arrayContaining(before));
  await place.apply(good);
  await place.until(isReady);
});
