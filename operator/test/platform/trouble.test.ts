import type { GenAIPlatformSpec, WorkloadStatus } from '@genai-platform/crds';
import type { Platform } from '../../src/platform/kinds.ts';
import type { SeenPod } from './harness/pod-double.ts';
import { has, isReady } from './harness/place.ts';
import { World } from './harness/world.ts';

const dev: GenAIPlatformSpec = { profile: 'dev' };
let world: World;

beforeAll(async () => {
  world = await World.start();
  await world.startOperator();
});

afterAll(() => world.stop());

const condition = ({ status }: Platform, type: string): string | undefined => status?.conditions?.find((one) => one.type === type)?.message; // prettier-ignore
const row = ({ status }: Platform, workload: string): WorkloadStatus | undefined => status?.workloads?.find(({ name }) => name === workload); // prettier-ignore
const runs = ({ spec }: SeenPod, image: string): boolean => spec.containers[0]?.image.includes(image) ?? false;

test.concurrent('an image that does not exist is named, and the old pods keep serving', async () => {
  const place = await world.place();
  await place.ready(dev);
  const before = await place.servingPods();
  place.pods((pod) => (runs(pod, ':missing') ? { kind: 'waiting', reason: 'ErrImagePull', message: 'not found' } : undefined)); // prettier-ignore
  await place.apply({ ...dev, images: { overrides: { gateway: { tag: 'missing' } } } });
  const platform = await place.until(has('ServicesReady', 'False', 'ImagePullFailed'));
  const words = 'container gateway: image ghcr.io/genai-platform/genai-platform-gateway:missing: not found';
  expect(condition(platform, 'ServicesReady')).toBe(`gateway: ${words}`);
  expect(row(platform, 'gateway')).toMatchObject({ reason: 'ImagePullFailed', message: words });
  expect(platform.status?.summary).toBe(`waiting for services: gateway: ${words}`);
  expect(has('Degraded', 'True', 'ImagePullFailed')(platform)).toBe(true);
  expect(await place.servingPods()).toEqual(before);
  // Taken back, everything is as before, without a new pod.
  await place.apply(dev);
  await place.until(isReady);
  expect(await place.servingPods()).toEqual(before);
});

test.concurrent('an image of a service is missed by its migration first, and its row says so', async () => {
  const place = await world.place();
  await place.ready(dev);
  const before = await place.servingPods();
  place.pods((pod) => (runs(pod, ':gone') ? { kind: 'waiting', reason: 'ImagePullBackOff', message: 'Back-off pulling image "x": ErrImagePull: not found' } : undefined)); // prettier-ignore
  await place.apply({ ...dev, images: { overrides: { search: { tag: 'gone' } } } });
  const platform = await place.until(has('MigrationsReady', 'False', 'ImagePullFailed'));
  expect(row(platform, 'search')?.message).toMatch(/^Job acme-search-migrate-\w{8}: container \S+: image \S+:gone: not found$/); // prettier-ignore
  expect(await place.servingPods()).toEqual(before);
});

test.concurrent('a crashing workload is told by its last words', async () => {
  const place = await world.place();
  place.pods((pod) => (runs(pod, '-gateway:') ? { kind: 'crashing', exitCode: 1, message: 'GATEWAY_ROUTES is wrong' } : undefined)); // prettier-ignore
  await place.apply(dev);
  const platform = await place.until(has('ServicesReady', 'False', 'ContainerCrashing'));
  expect(row(platform, 'gateway')?.message).toBe('container gateway: ended with exit code 1: GATEWAY_ROUTES is wrong');
});

test.concurrent('a failing migration is told by its last words, and no workload changes', async () => {
  const place = await world.place();
  await place.ready(dev);
  const before = await place.servingPods();
  const failed = { kind: 'failed', exitCode: 1, message: 'relation "documents" is locked' } as const;
  place.pods((pod) => (pod.metadata.name.startsWith('acme-search-migrate') ? failed : undefined));
  await place.apply({ ...dev, images: { overrides: { search: { tag: '0.2.0' } } } });
  const platform = await place.until(({ status }) => status?.summary?.includes('locked') ?? false);
  expect(condition(platform, 'MigrationsReady')).toMatch(
    /^Job acme-search-migrate-\w{8}: container \S+: ended with exit code 1: relation "documents" is locked$/,
  );
  expect(row(platform, 'search')?.message).toContain('relation "documents" is locked');
  expect(row(platform, 'gateway')).toMatchObject({ version: '0.1.0', ready: 1 });
  expect(await place.servingPods()).toEqual(before);
});

test.concurrent('a Secret that a platform names and nobody made is named, and taken when it comes', async () => {
  const place = await world.place();
  const external = { host: 'db.example.com', credentialsSecretRef: { name: 'database-login' } };
  await place.apply({ ...dev, database: { external } });
  const missing = await place.until(has('SecretsReady', 'False', 'SecretMissing'));
  expect(condition(missing, 'SecretsReady')).toBe(
    `Secret ${place.namespace}/database-login (spec.database.external.credentialsSecretRef) does not exist`,
  );
  const secret = { metadata: { name: 'database-login' }, stringData: { username: 'admin' } };
  await place.create('secrets', secret);
  const incomplete = await place.until(has('SecretsReady', 'False', 'SecretIncomplete'));
  expect(condition(incomplete, 'SecretsReady')).toContain('has no key "password"');
  await place.patch('secrets', 'database-login', { stringData: { password: 'x' } });
  const ready = await place.until(isReady);
  expect(condition(ready, 'DatabaseReady')).toBe('db.example.com is outside the cluster');
});

test.concurrent('a full quota is told in its own words, and disturbs nothing', async () => {
  const place = await world.place();
  await place.ready(dev);
  const before = await place.servingPods();
  const used = (await place.list('pods')).length;
  await place.create('resourcequotas', { metadata: { name: 'pods' }, spec: { hard: { 'count/pods': String(used) } } }); // prettier-ignore
  await place.apply({ ...dev, gateway: { env: [{ name: 'LOG_LEVEL', value: 'debug' }] } });
  const platform = await place.until(has('ServicesReady', 'False', 'QuotaExceeded'));
  expect(row(platform, 'gateway')?.message).toBe(
    `pods are forbidden: exceeded quota: pods, requested: count/pods=1, used: count/pods=${used}, limited: count/pods=${used}`,
  );
  expect(await place.servingPods()).toEqual(before);
});

test.concurrent(
  'a quota that is full from the start is told by the database, which has no condition for it',
  async () => {
    const place = await world.place();
    await place.create('resourcequotas', { metadata: { name: 'none' }, spec: { hard: { pods: '0' } } });
    await place.apply(dev);
    const platform = await place.until(has('DatabaseReady', 'False', 'QuotaExceeded'));
    expect(condition(platform, 'DatabaseReady')).toContain('acme-postgres: pods are forbidden: exceeded quota: none');
  },
);

test.concurrent('a storage class that does not exist is named by the volume', async () => {
  const place = await world.place();
  await place.apply({ ...dev, database: { inCluster: { storageClassName: 'golden' } } });
  const platform = await place.until(has('DatabaseReady', 'False', 'StorageClassMissing'));
  expect(condition(platform, 'DatabaseReady')).toBe(
    'acme-postgres: volume acme-postgres-data: storageclass.storage.k8s.io "golden" not found',
  );
  // The cache does not wait for the database.
  await place.until(has('CacheReady', 'True'));
});

test.concurrent('an object of somebody else under a name of ours is left alone and named', async () => {
  const place = await world.place();
  const foreign = { metadata: { name: 'acme-search', labels: { team: 'other' } }, spec: { ports: [{ port: 1 }] } };
  await place.create('services', foreign);
  const before = await place.get('services', 'acme-search');
  await place.apply(dev);
  const platform = await place.until(has('ServicesReady', 'False', 'NameConflict'));
  expect(condition(platform, 'ServicesReady')).toContain(`Service ${place.namespace}/acme-search`);
  expect(has('Stalled', 'True', 'NameConflict')(platform)).toBe(true);
  const after = await place.get('services', 'acme-search');
  expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  await place.remove('services', 'acme-search');
  await place.until(isReady, 90_000);
});

test.concurrent('a foreign Secret is not read as ours, and not overwritten', async () => {
  const place = await world.place();
  const foreign = { metadata: { name: 'acme-identity' }, stringData: { key: 'somebody else’s' } };
  await place.create('secrets', foreign);
  await place.apply(dev);
  await place.until(has('SecretsReady', 'False', 'NameConflict'));
  const { data } = await place.get<{ data: { key: string } }>('secrets', 'acme-identity');
  expect(atob(data.key)).not.toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test.concurrent('a lost password of live data is not replaced by one that opens nothing', async () => {
  const place = await world.place();
  await place.ready(dev);
  const before = await place.servingPods();
  await place.remove('secrets', 'acme-postgres-admin');
  const platform = await place.until(has('SecretsReady', 'False', 'SecretLost'));
  expect(condition(platform, 'SecretsReady')).toContain(
    'volume acme-postgres-data holds a database that only it opens',
  );
  await expect(place.get('secrets', 'acme-postgres-admin')).rejects.toThrow(/404/);
  expect(await place.servingPods()).toEqual(before);
});

test.concurrent('a route whose Gateway API is not installed is told, while the platform works', async () => {
  const place = await world.place();
  await place.ready(dev);
  await place.apply({ ...dev, ingress: { host: 'ai.example.com', gatewayRef: { name: 'public' } } });
  const platform = await place.until(has('EdgeReady', 'False'));
  expect(condition(platform, 'EdgeReady')).toContain('HTTPRoute');
  expect(has('ServicesReady', 'True')(platform)).toBe(true);
});
