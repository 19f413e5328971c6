import { catalogue } from '@genai-platform/cdk8s';
import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { Place } from './harness/place.ts';
import { eventually, has, isReady } from './harness/place.ts';
import { World, auditPolicy } from './harness/world.ts';

const dev: GenAIPlatformSpec = { profile: 'dev' };
const withDatabase = catalogue.filter(({ needs }) => needs.includes('postgres')).length;
jest.setTimeout(180_000);
let world: World;

beforeAll(async () => {
  world = await World.start({ auditPolicy });
  await world.startOperator();
});

afterAll(() => world.stop());

interface Deployment {
  readonly spec: {
    readonly strategy: object;
    readonly progressDeadlineSeconds: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

const versionOf = async (place: Place, workload: string): Promise<string | undefined> =>
  (await place.get<Deployment>('deployments', `acme-${workload}`)).spec.template.spec.containers[0]?.image.split(
    ':',
  )[1];
const writesTo = async (place: Place): Promise<string[]> =>
  (await world.writes()).filter((line) => line.includes(`/${place.namespace}/`) && !/\/(status|events)\b/.test(line));

test.concurrent('each revision is written down, and only so many are kept', async () => {
  const place = await world.place();
  const spec: GenAIPlatformSpec = { ...dev, rollout: { revisionHistoryLimit: 1 } };
  for (const version of ['1', '2', '3']) await place.ready({ ...spec, version });
  const { currentRevision, history } = (await place.platform()).status ?? {};
  expect(history).toEqual([
    { revision: currentRevision, number: 3, version: '3', result: 'Good' },
    { revision: expect.any(String), number: 2, version: '2', result: 'Good' },
  ]);
  const name = `acme-${String(currentRevision)}`;
  expect(await place.names('controllerrevisions')).toContain(name);
  const record = await place.get<{ data: { spec: { version: string } } }>('controllerrevisions', name);
  expect(record.data.spec.version).toBe('3');
  expect(record.metadata.ownerReferences).toEqual([expect.objectContaining({ kind: 'GenAIPlatform' })]);
  // One that is wanted again is the newest, under its name.
  const { status } = await place.ready({ ...spec, version: '2' });
  expect(status?.history).toMatchObject([
    { number: 4, version: '2' },
    { number: 3, version: '3' },
  ]);
});

test.concurrent('how pods are replaced is what the specification says, and can be changed to and fro', async () => {
  const place = await world.place();
  const rollout = { maxSurge: 2, maxUnavailable: '25%', progressDeadline: '90s' } as const;
  await place.ready({ ...dev, rollout });
  const { spec } = await place.get<Deployment>('deployments', 'acme-search');
  expect(spec).toMatchObject({
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: '25%' } },
    progressDeadlineSeconds: 90,
  });
  await place.ready({ ...dev, rollout: { strategy: 'Recreate' } });
  expect((await place.get<Deployment>('deployments', 'acme-search')).spec.strategy).toEqual({ type: 'Recreate' });
  await place.ready(dev);
  expect((await place.get<Deployment>('deployments', 'acme-search')).spec.strategy).toMatchObject({ type: 'RollingUpdate' }); // prettier-ignore
});

test.concurrent('a paused rollout begins nothing, and goes on from there', async () => {
  const place = await world.place();
  await place.ready(dev);
  await place.apply({ ...dev, version: '2', rollout: { paused: true } });
  const { status } = await place.until(has('Reconciling', 'True', 'Paused'));
  expect(status?.summary).toContain(`spec.rollout.paused holds revision ${status?.currentRevision ?? ''} before its migrations`); // prettier-ignore
  expect(await versionOf(place, 'search')).toBe('0.1.0');
  expect((await place.list('jobs')).length).toBe(1 + withDatabase);
  await place.apply({ ...dev, version: '2' });
  await place.until(isReady);
  expect(await versionOf(place, 'gateway')).toBe('2');
});

test.concurrent('a rollout that is paused in the middle ends its wave and begins no other', async () => {
  const place = await world.place();
  await place.ready(dev);
  const restore = place.pods((pod) => (pod.metadata.labels?.['genaiplatform.io/workload'] === 'search' && pod.spec.containers[0]?.image.endsWith(':2') ? { kind: 'untouched' } : undefined)); // prettier-ignore
  await place.apply({ ...dev, version: '2' });
  await eventually(async () => expect(await versionOf(place, 'search')).toBe('2'));
  await place.apply({ ...dev, version: '2', rollout: { paused: true } });
  restore();
  const { status } = await place.until(has('ServicesReady', 'False', 'Paused'));
  expect(status?.summary).toContain('before rag');
  expect(status?.workloads?.map(({ name, version }) => [name, version])).toEqual(
    // Who calls others comes after them, in a wave of its own.
    catalogue.map(({ name, calls }) => [name, calls.length > 0 ? '0.1.0' : '2']).sort(),
  );
  await place.apply({ ...dev, version: '2' });
  await place.until(isReady);
});

test.concurrent('a suspended platform is left alone, whatever changes, and goes on where it was', async () => {
  const place = await world.place();
  await place.ready(dev);
  await place.apply({ ...dev, suspend: true, version: '2' });
  const { status } = await place.until(has('Reconciling', 'False', 'Suspended'));
  expect(status?.summary).toBe('suspended');
  const before = await writesTo(place);
  await place.remove('services', 'acme-search');
  await place.apply({ ...dev, suspend: true, version: '3' });
  await place.until((platform) => platform.status?.observedGeneration === platform.metadata.generation);
  expect(await writesTo(place)).toEqual(before);
  await expect(place.get('services', 'acme-search')).rejects.toThrow(/404/);
  await place.apply({ ...dev, version: '3' });
  await place.until(isReady);
  expect(await versionOf(place, 'search')).toBe('3');
  await place.get('services', 'acme-search');
});

test.concurrent(
  'a platform that is born suspended has nothing, not even our mark, and goes when it is deleted',
  async () => {
    const place = await world.place();
    await place.apply({ ...dev, suspend: true });
    const { metadata } = await place.until(has('Reconciling', 'False', 'Suspended'));
    expect(metadata.finalizers).toBeUndefined();
    expect(await place.names('secrets')).toEqual([]);
    await place.delete();
    await place.gone();
  },
);

test.concurrent('a suspended platform can be deleted, in order', async () => {
  const place = await world.place();
  await place.ready({ ...dev, deletionPolicy: 'Delete' });
  await place.apply({ ...dev, deletionPolicy: 'Delete', suspend: true });
  await place.until(has('Reconciling', 'False', 'Suspended'));
  await place.delete();
  await place.gone();
  expect(await place.names('statefulsets')).toEqual([]);
});
