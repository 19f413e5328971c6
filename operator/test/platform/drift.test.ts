import type { DriftEntry, GenAIPlatformSpec } from '@genai-platform/crds';
import type { Place } from './harness/place.ts';
import { eventually, has, isReady } from './harness/place.ts';
import { World, auditPolicy } from './harness/world.ts';

const dev: GenAIPlatformSpec = { profile: 'dev' };
let world: World;

// Every test brings up a platform, all at once.
jest.setTimeout(120_000);

beforeAll(async () => {
  world = await World.start({ auditPolicy });
  await world.startOperator();
});

afterAll(() => world.stop());

interface EventList {
  readonly items: readonly { readonly reason: string; readonly note: string; readonly related?: { kind: string } }[];
}

const driftEvents = async ({ namespace }: Place): Promise<EventList['items']> =>
  (await world.plane.request<EventList>('GET', `/apis/events.k8s.io/v1/namespaces/${namespace}/events`)).items.filter(
    ({ reason }) => reason === 'DriftDetected',
  );

const writesIn = async ({ namespace }: Place): Promise<string[]> =>
  (await world.writes()).filter((write) => write.includes(`/namespaces/${namespace}/`));

/** What is written once a change has been seen and whatever comes of it has had time to come. */
async function settled(place: Place): Promise<number> {
  let before = -1;
  for (let now = (await writesIn(place)).length; now !== before; now = (await writesIn(place)).length) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
  return before;
}

test.concurrent('an edit is put back, and told with object, field, manager and time', async () => {
  const place = await world.place();
  await place.ready(dev);
  await place.patch('deployments', 'acme-search', { spec: { minReadySeconds: 77 } });
  const { status } = await place.until((platform) => (platform.status?.drift ?? []).length > 0);
  expect(status?.drift).toEqual<DriftEntry[]>([
    {
      kind: 'Deployment',
      name: 'acme-search',
      change: 'Edited',
      field: 'spec.minReadySeconds',
      manager: 'somebody',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
    },
  ]);
  const { spec } = await place.get<{ spec: { minReadySeconds: number } }>('deployments', 'acme-search');
  expect(spec.minReadySeconds).toBe(3);
  const [event] = await eventually(async () => {
    const events = await driftEvents(place);
    expect(events).toHaveLength(1);
    return events;
  });
  expect(event?.note).toContain(`Deployment ${place.namespace}/acme-search: spec.minReadySeconds changed by somebody`);
  expect(event?.related?.kind).toBe('Deployment');
  // Told once: what is put back leaves the status as it is.
  const writes = await settled(place);
  await place.apply({ ...dev, drift: {} });
  await place.until(isReady);
  expect((await place.platform()).status?.drift).toEqual(status?.drift);
  expect(writes).toBeGreaterThan(0);
});

test.concurrent('whatever kind of object is deleted comes back and is told', async () => {
  const place = await world.place();
  await place.ready({ ...dev, ingress: { host: 'ai.example.com' } });
  const objects: Readonly<Record<string, string>> = {
    configmaps: 'acme-ca-bundle',
    secrets: 'acme-cache-acl',
    services: 'acme-search',
    serviceaccounts: 'acme-search',
    deployments: 'acme-gateway',
    statefulsets: 'acme-cache',
    horizontalpodautoscalers: 'acme-search',
    poddisruptionbudgets: 'acme-search',
    networkpolicies: 'acme-search',
    ingresses: 'acme-edge',
  };
  const before = new Map<string, string>();
  for (const [plural, name] of Object.entries(objects))
    before.set(plural, (await place.get(plural, name)).metadata.uid);
  await Promise.all(Object.entries(objects).map(([plural, name]) => place.remove(plural, name)));
  await eventually(async () => {
    for (const [plural, name] of Object.entries(objects)) {
      expect((await place.get(plural, name)).metadata.uid).not.toBe(before.get(plural));
    }
  });
  const { status } = await place.until(
    (platform) => isReady(platform) && (platform.status?.drift ?? []).length >= before.size,
  );
  expect(status?.drift?.map(({ change }) => change)).toEqual([...before].map(() => 'Deleted'));
  expect(status?.drift?.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual(
    [
      'ConfigMap acme-ca-bundle',
      'Deployment acme-gateway',
      'HorizontalPodAutoscaler acme-search',
      'Ingress acme-edge',
      'NetworkPolicy acme-search',
      'PodDisruptionBudget acme-search',
      'Secret acme-cache-acl',
      'Service acme-search',
      'ServiceAccount acme-search',
      'StatefulSet acme-cache',
    ].sort(),
  );
});

test.concurrent('what the platform itself removes and makes again is no drift', async () => {
  const place = await world.place();
  await place.ready(dev);
  await place.apply({ ...dev, services: { search: { replicas: 1 } } });
  await eventually(async () => expect(await place.lacks('horizontalpodautoscalers', 'acme-search')).toBe(true));
  await place.apply(dev);
  await eventually(() => place.get('horizontalpodautoscalers', 'acme-search'));
  expect((await place.until(isReady)).status?.drift).toBeUndefined();
});

test.concurrent('an ignored field is neither put back nor told; another of the same object is', async () => {
  const place = await world.place();
  const ignore = [
    { kind: 'Deployment' as const, name: 'acme-search', fields: ['spec.revisionHistoryLimit'] },
    { kind: 'Service' as const, fields: ['metadata.labels["app.kubernetes.io/version"]', 'spec.ports'] },
  ];
  await place.ready({ ...dev, drift: { ignore } });
  await place.patch('deployments', 'acme-search', { spec: { revisionHistoryLimit: 7, progressDeadlineSeconds: 99 } });
  await place.patch('deployments', 'acme-gateway', { spec: { revisionHistoryLimit: 7 } });
  const { status } = await place.until((platform) => (platform.status?.drift ?? []).length === 2);
  expect(status?.drift?.map(({ name, field }) => `${name} ${field}`).sort()).toEqual([
    'acme-gateway spec.revisionHistoryLimit',
    'acme-search spec.progressDeadlineSeconds',
  ]);
  const { spec } = await place.get<{ spec: object }>('deployments', 'acme-search');
  expect(spec).toMatchObject({ revisionHistoryLimit: 7, progressDeadlineSeconds: 300 });
});

test.concurrent('fields that others add stay, and cost nothing', async () => {
  const place = await world.place();
  await place.ready(dev);
  await settled(place);
  const before = await settled(place);
  await place.patch('deployments', 'acme-search', {
    metadata: { annotations: { 'example.com/theirs': 'x' }, labels: { team: 'theirs' } },
    spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' } } } },
  });
  await place.until(isReady);
  await settled(place);
  const { metadata } = await place.get('deployments', 'acme-search');
  expect(metadata.labels?.['team']).toBe('theirs');
  const applies = (await writesIn(place)).slice(before).filter((write) => write.includes('/deployments/'));
  expect(applies).toEqual([]);
  expect((await place.platform()).status?.drift).toBeUndefined();
});

test.concurrent('an autoscaler may scale up and down without a write to the Deployment', async () => {
  const place = await world.place();
  await place.ready(dev);
  await settled(place);
  const before = (await writesIn(place)).length;
  for (const replicas of [4, 1, 4]) {
    await place.patch('deployments', 'acme-search', { spec: { replicas } });
    await place.until(({ status }) => status?.workloads?.find(({ name }) => name === 'search')?.ready === replicas);
  }
  await settled(place);
  const applies = (await writesIn(place)).slice(before).filter((write) => write.includes('/deployments/'));
  expect(applies).toEqual([]);
  expect((await place.get<{ spec: { replicas: number } }>('deployments', 'acme-search')).spec.replicas).toBe(4);
});

test.concurrent(
  'with `adopt` the platform takes over what exists under its names, and leaves the rest of it',
  async () => {
    const place = await world.place();
    await place.create('services', {
      metadata: { name: 'acme-search', labels: { team: 'other' } },
      spec: { ports: [{ name: 'old', port: 1 }], selector: { app: 'old' } },
    });
    await place.create('secrets', {
      metadata: { name: 'acme-bootstrap-admin' },
      stringData: { 'api-key': 'gp_mine', username: 'admin' },
    });
    const { uid } = (await place.get('services', 'acme-search')).metadata;
    await place.apply(dev);
    const refused = await place.until(has('SecretsReady', 'False', 'NameConflict'));
    expect(refused.status?.summary).toContain('spec.adopt: true');
    await place.ready({ ...dev, adopt: true });
    const service = await place.get<{ spec: { ports: { port: number }[] } }>('services', 'acme-search');
    expect(service.metadata).toMatchObject({ uid, labels: { team: 'other', 'genaiplatform.io/platform': 'acme' } });
    expect(service.metadata.ownerReferences).toHaveLength(1);
    expect(service.spec.ports.map(({ port }) => port)).toContain(8004);
    // What is there stays; what a newer operator wants beside it is added.
    expect(await place.secret('acme-bootstrap-admin')).toMatchObject({ 'api-key': 'gp_mine', username: 'admin' });
  },
);

test.concurrent('what something else controls is not taken over, with `adopt` neither', async () => {
  const place = await world.place();
  await place.create('configmaps', { metadata: { name: 'theirs' } });
  const { uid } = (await place.get('configmaps', 'theirs')).metadata;
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'theirs', uid, controller: true }];
  await place.create('services', {
    metadata: { name: 'acme-search', ownerReferences },
    spec: { ports: [{ port: 1 }] },
  });
  const { resourceVersion } = (await place.get('services', 'acme-search')).metadata;
  await place.apply({ ...dev, adopt: true });
  const platform = await place.until(has('ServicesReady', 'False', 'NameConflict'));
  expect(platform.status?.summary).toContain('belongs to ConfigMap theirs');
  expect((await place.get('services', 'acme-search')).metadata.resourceVersion).toBe(resourceVersion);
});
