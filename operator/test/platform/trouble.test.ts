import type { GenAIPlatformSpec, WorkloadStatus } from '@genai-platform/crds';
import type { Platform } from '../../src/platform/kinds.ts';
import type { SeenPod } from './harness/pod-double.ts';
import { World, has, isReady } from './harness/world.ts';

const dev: GenAIPlatformSpec = { profile: 'dev' };
let world: World;
let namespace: string;

beforeAll(async () => {
  world = await World.start();
  await world.startOperator();
});

afterAll(() => world.stop());

beforeEach(async () => {
  namespace = await world.namespace();
});

afterEach(() => world.pods.reset());

async function aPlatform(spec: GenAIPlatformSpec = dev): Promise<void> {
  await world.apply(namespace, 'acme', spec);
  await world.until([namespace, 'acme'], isReady);
}

const condition = ({ status }: Platform, type: string): string | undefined => status?.conditions?.find((one) => one.type === type)?.message; // prettier-ignore
const row = ({ status }: Platform, workload: string): WorkloadStatus | undefined => status?.workloads?.find(({ name }) => name === workload); // prettier-ignore
const isHere = (pod: SeenPod): boolean => pod.metadata.namespace === namespace;
const runs = (pod: SeenPod, image: string): boolean =>
  isHere(pod) && (pod.spec.containers[0]?.image.includes(image) ?? false);

/** Identities of the pods that serve: what a disturbance would change. */
const servingPods = async (): Promise<string[]> => {
  const pods = await world.list<{ status: { phase: string } }>(namespace, 'pods');
  return pods.filter(({ status }) => status.phase === 'Running').map(({ metadata }) => metadata.uid).sort(); // prettier-ignore
};

test('an image that does not exist is named, and the old pods keep serving', async () => {
  await aPlatform();
  const before = await servingPods();
  world.pods.rule((pod) => (runs(pod, ':missing') ? { kind: 'waiting', reason: 'ErrImagePull', message: 'not found' } : undefined)); // prettier-ignore
  await world.apply(namespace, 'acme', { ...dev, images: { overrides: { gateway: { tag: 'missing' } } } });
  const platform = await world.until([namespace, 'acme'], has('ServicesReady', 'False', 'ImagePullFailed'));
  const words = 'container gateway: image ghcr.io/genai-platform/genai-platform-gateway:missing: not found';
  expect(condition(platform, 'ServicesReady')).toBe(`gateway: ${words}`);
  expect(row(platform, 'gateway')).toMatchObject({ reason: 'ImagePullFailed', message: words });
  expect(platform.status?.summary).toBe(`waiting for services: gateway: ${words}`);
  expect(has('Degraded', 'True', 'ImagePullFailed')(platform)).toBe(true);
  expect(await servingPods()).toEqual(before);
  // Taken back, everything is as before, without a new pod.
  await world.apply(namespace, 'acme', dev);
  await world.until([namespace, 'acme'], isReady);
  expect(await servingPods()).toEqual(before);
});

test('an image of a service is missed by its migration first, and its row says so', async () => {
  await aPlatform();
  const before = await servingPods();
  world.pods.rule((pod) => (runs(pod, ':gone') ? { kind: 'waiting', reason: 'ImagePullBackOff', message: 'Back-off pulling image "x": ErrImagePull: not found' } : undefined)); // prettier-ignore
  await world.apply(namespace, 'acme', { ...dev, images: { overrides: { search: { tag: 'gone' } } } });
  const platform = await world.until([namespace, 'acme'], has('MigrationsReady', 'False', 'ImagePullFailed'));
  expect(row(platform, 'search')?.message).toMatch(/^Job acme-search-migrate-\w{8}: container \S+: image \S+:gone: not found$/); // prettier-ignore
  expect(await servingPods()).toEqual(before);
});

test('a crashing workload is told by its last words', async () => {
  world.pods.rule((pod) => (runs(pod, '-gateway:') ? { kind: 'crashing', exitCode: 1, message: 'GATEWAY_ROUTES is wrong' } : undefined)); // prettier-ignore
  await world.apply(namespace, 'acme', dev);
  const platform = await world.until([namespace, 'acme'], has('ServicesReady', 'False', 'ContainerCrashing'));
  expect(row(platform, 'gateway')?.message).toBe('container gateway: ended with exit code 1: GATEWAY_ROUTES is wrong');
});

test('a failing migration is told by its last words, and no workload changes', async () => {
  await aPlatform();
  const before = await servingPods();
  const failed = { kind: 'failed', exitCode: 1, message: 'relation "documents" is locked' } as const;
  world.pods.rule((pod) => (isHere(pod) && pod.metadata.name.startsWith('acme-search-migrate') ? failed : undefined));
  await world.apply(namespace, 'acme', { ...dev, images: { overrides: { search: { tag: '0.2.0' } } } });
  const platform = await world.until([namespace, 'acme'], ({ status }) => status?.summary?.includes('locked') ?? false);
  expect(condition(platform, 'MigrationsReady')).toMatch(
    /^Job acme-search-migrate-\w{8}: container \S+: ended with exit code 1: relation "documents" is locked$/,
  );
  expect(row(platform, 'search')?.message).toContain('relation "documents" is locked');
  expect(row(platform, 'gateway')).toMatchObject({ version: '0.1.0', ready: 1 });
  expect(await servingPods()).toEqual(before);
});

test('a Secret that a platform names and nobody made is named, and taken when it comes', async () => {
  const external = { host: 'db.example.com', credentialsSecretRef: { name: 'database-login' } };
  await world.apply(namespace, 'acme', { ...dev, database: { external } });
  const missing = await world.until([namespace, 'acme'], has('SecretsReady', 'False', 'SecretMissing'));
  expect(condition(missing, 'SecretsReady')).toBe(
    `Secret ${namespace}/database-login (spec.database.external.credentialsSecretRef) does not exist`,
  );
  const secret = { metadata: { name: 'database-login' }, stringData: { username: 'admin' } };
  await world.create(namespace, 'secrets', secret);
  const incomplete = await world.until([namespace, 'acme'], has('SecretsReady', 'False', 'SecretIncomplete'));
  expect(condition(incomplete, 'SecretsReady')).toContain('has no key "password"');
  await world.patch(namespace, 'secrets', 'database-login', { stringData: { password: 'x' } });
  const ready = await world.until([namespace, 'acme'], isReady);
  expect(condition(ready, 'DatabaseReady')).toBe('db.example.com is outside the cluster');
});

test('a full quota is told in its own words, and disturbs nothing', async () => {
  await aPlatform();
  const before = await servingPods();
  const used = (await world.list(namespace, 'pods')).length;
  await world.create(namespace, 'resourcequotas', { metadata: { name: 'pods' }, spec: { hard: { 'count/pods': String(used) } } }); // prettier-ignore
  await world.apply(namespace, 'acme', { ...dev, gateway: { env: [{ name: 'LOG_LEVEL', value: 'debug' }] } });
  const platform = await world.until([namespace, 'acme'], has('ServicesReady', 'False', 'QuotaExceeded'));
  expect(row(platform, 'gateway')?.message).toBe(
    `pods are forbidden: exceeded quota: pods, requested: count/pods=1, used: count/pods=${used}, limited: count/pods=${used}`,
  );
  expect(await servingPods()).toEqual(before);
});

test('a quota that is full from the start is told by the database, which has no condition for it', async () => {
  await world.create(namespace, 'resourcequotas', { metadata: { name: 'none' }, spec: { hard: { pods: '0' } } });
  await world.apply(namespace, 'acme', dev);
  const platform = await world.until([namespace, 'acme'], has('DatabaseReady', 'False', 'QuotaExceeded'));
  expect(condition(platform, 'DatabaseReady')).toContain('acme-postgres: pods are forbidden: exceeded quota: none');
});

test('a storage class that does not exist is named by the volume', async () => {
  await world.apply(namespace, 'acme', { ...dev, database: { inCluster: { storageClassName: 'golden' } } });
  const platform = await world.until([namespace, 'acme'], has('DatabaseReady', 'False', 'StorageClassMissing'));
  expect(condition(platform, 'DatabaseReady')).toBe(
    'acme-postgres: volume acme-postgres-data: storageclass.storage.k8s.io "golden" not found',
  );
  // The cache does not wait for the database.
  await world.until([namespace, 'acme'], has('CacheReady', 'True'));
});

test('an object of somebody else under a name of ours is left alone and named', async () => {
  const foreign = { metadata: { name: 'acme-search', labels: { team: 'other' } }, spec: { ports: [{ port: 1 }] } };
  await world.create(namespace, 'services', foreign);
  const before = await world.get(namespace, 'services', 'acme-search');
  await world.apply(namespace, 'acme', dev);
  const platform = await world.until([namespace, 'acme'], has('ServicesReady', 'False', 'NameConflict'));
  expect(condition(platform, 'ServicesReady')).toContain(`Service ${namespace}/acme-search`);
  expect(has('Stalled', 'True', 'NameConflict')(platform)).toBe(true);
  const after = await world.get(namespace, 'services', 'acme-search');
  expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  await world.remove(namespace, 'services', 'acme-search');
  await world.until([namespace, 'acme'], isReady, 90_000);
});

test('a foreign Secret is not read as ours, and not overwritten', async () => {
  const foreign = { metadata: { name: 'acme-identity' }, stringData: { key: 'somebody else’s' } };
  await world.create(namespace, 'secrets', foreign);
  await world.apply(namespace, 'acme', dev);
  await world.until([namespace, 'acme'], has('SecretsReady', 'False', 'NameConflict'));
  const { data } = await world.get<{ data: { key: string } }>(namespace, 'secrets', 'acme-identity');
  expect(atob(data.key)).not.toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test('a lost password of live data is not replaced by one that opens nothing', async () => {
  await aPlatform();
  const before = await servingPods();
  await world.remove(namespace, 'secrets', 'acme-postgres-admin');
  const platform = await world.until([namespace, 'acme'], has('SecretsReady', 'False', 'SecretLost'));
  expect(condition(platform, 'SecretsReady')).toContain(
    'volume acme-postgres-data holds a database that only it opens',
  );
  await expect(world.get(namespace, 'secrets', 'acme-postgres-admin')).rejects.toThrow(/404/);
  expect(await servingPods()).toEqual(before);
});

test('a route whose Gateway API is not installed is told, while the platform works', async () => {
  await aPlatform();
  await world.apply(namespace, 'acme', { ...dev, ingress: { host: 'ai.example.com', gatewayRef: { name: 'public' } } });
  const platform = await world.until([namespace, 'acme'], has('EdgeReady', 'False'));
  expect(condition(platform, 'EdgeReady')).toContain('HTTPRoute');
  expect(has('ServicesReady', 'True')(platform)).toBe(true);
});
