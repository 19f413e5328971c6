import { parseIdentityKeys, verifyIdentityToken } from '@genai-platform/common/core';
import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { Secret } from '../../src/platform/kinds.ts';
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

const secret = async (name: string): Promise<Record<string, string>> => {
  const { data = {} } = await world.get<Secret>(namespace, 'secrets', name);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, atob(value)]));
};
const askedOf = (workload: string): number => world.answerer.asked.filter(({ origin }) => origin.includes(`//${workload}.${namespace}.`)).length; // prettier-ignore

/** A platform that is Ready. */
async function aPlatform(spec: GenAIPlatformSpec = dev): Promise<void> {
  await world.apply(namespace, 'acme', spec);
  await world.until([namespace, 'acme'], isReady);
}

test('a profile alone becomes a platform that says of itself that it is ready, and how to reach it', async () => {
  await aPlatform();
  const { status } = await world.platform(namespace, 'acme');
  expect(status).toMatchObject({
    summary: 'ready',
    services: '3/3',
    version: '0.1.0',
    endpoints: { internal: `http://acme-gateway.${namespace}.svc:8000` },
    bootstrapAdmin: { secretRef: { name: 'acme-bootstrap-admin' } },
  });
  expect(status?.lastGoodRevision).toBe(status?.currentRevision);
  expect(status?.workloads?.map(({ name, version, ready, desired }) => [name, version, ready, desired])).toEqual([
    ['format-conversion', '0.1.0', 1, 1],
    ['gateway', '0.1.0', 1, 1],
    ['search', '0.1.0', 1, 1],
  ]);
  const truths = status?.conditions?.filter((condition) => condition.status === 'True').map(({ type }) => type);
  expect(truths?.sort()).toEqual(
    ['CacheReady', 'DatabaseReady', 'EdgeReady', 'MigrationsReady', 'Ready', 'SecretsReady', 'ServicesReady'], // prettier-ignore
  );
  expect(new Set(status?.conditions?.map(({ observedGeneration }) => observedGeneration))).toEqual(new Set([1]));
  expect((await secret('acme-bootstrap-admin'))['api-key']).toMatch(/^gp_[A-Za-z0-9_-]{43}$/);
});

test('each workload has answered one real request, under an identity of the operator, and the answer is latched', async () => {
  await aPlatform();
  const { status } = await world.platform(namespace, 'acme');
  for (const { verification, revision } of status?.workloads ?? []) {
    expect(verification).toEqual({ revision, result: 'Passed', latencyMilliseconds: expect.any(Number) });
  }
  const asked = world.answerer.asked.filter(({ origin }) => origin.includes(namespace));
  expect(asked.map(({ path }) => path).sort()).toEqual(['/v1/convert', '/v1/search/indexes?limit=1', '/v1/services']);
  const [key] = parseIdentityKeys((await secret('acme-identity'))['key'] ?? '');
  const toSearch = asked.find(({ path }) => path.startsWith('/v1/search'));
  const token = toSearch?.headers.authorization?.replace('Bearer ', '') ?? '';
  const { identity } = await verifyIdentityToken(key!, 'search', token);
  expect(identity).toEqual({ subject: 'operator', tenant: 'platform-verification', scopes: ['search:read'] });
});

test('the gateway comes after all that it calls', async () => {
  const restore = world.answerer.fail(`acme-search.${namespace}`, 503);
  await world.apply(namespace, 'acme', dev);
  const { status } = await world.until([namespace, 'acme'], has('ServicesReady', 'False', 'VerificationFailed'));
  expect(status?.summary).toContain('search: GET /v1/search/indexes?limit=1: HTTP 503');
  expect(status?.workloads?.find(({ name }) => name === 'search')).toMatchObject({
    reason: 'VerificationFailed',
    verification: { result: 'Failed' },
  });
  expect(status?.workloads?.find(({ name }) => name === 'gateway')?.reason).toBe('Waiting');
  await expect(world.get(namespace, 'deployments', 'acme-gateway')).rejects.toThrow(/404/);
  restore();
  const { status: after } = await world.until([namespace, 'acme'], isReady);
  expect(after?.services).toBe('3/3');
});

test('a new version is migrated, rolled out and verified, and asked nothing twice', async () => {
  await aPlatform();
  const before = await world.platform(namespace, 'acme');
  await world.apply(namespace, 'acme', { ...dev, version: '0.2.0' });
  const { status } = await world.until([namespace, 'acme'], isReady);
  expect(status?.workloads?.map(({ version }) => version)).toEqual(['0.2.0', '0.2.0', '0.2.0']);
  expect(status?.currentRevision).not.toBe(before.status?.currentRevision);
  expect(status?.lastGoodRevision).toBe(status?.currentRevision);
  expect([askedOf('acme-search'), askedOf('acme-gateway')]).toEqual([2, 2]);
  const jobs = await world.list(namespace, 'jobs');
  expect(jobs.map(({ metadata }) => metadata.name.replace(/-[0-9a-f]{8}$/, '')).sort()).toEqual([
    'acme-database-setup',
    'acme-format-conversion-migrate',
    'acme-search-migrate',
  ]);
});

test('passwords, keys and certificates are the same after a change as before', async () => {
  await aPlatform();
  const names = ['acme-identity', 'acme-postgres-admin', 'acme-database-search', 'acme-ca', 'acme-postgres-tls'];
  const before = await Promise.all(names.map(secret));
  await world.apply(namespace, 'acme', { ...dev, version: '0.2.0', services: { search: { replicas: 2 } } });
  await world.until([namespace, 'acme'], isReady);
  expect(await Promise.all(names.map(secret))).toEqual(before);
});

test('a fixed number of pods replaces the autoscaler, and comes back with it', async () => {
  await aPlatform();
  await world.apply(namespace, 'acme', { ...dev, services: { search: { replicas: 3 } } });
  const { status } = await world.until([namespace, 'acme'], (platform) => isReady(platform) && rowOf(platform, 'search').ready === 3); // prettier-ignore
  expect(status?.workloads?.find(({ name }) => name === 'search')).toMatchObject({ ready: 3, desired: 3 });
  await world.eventually(() => expect(world.get(namespace, 'horizontalpodautoscalers', 'acme-search')).rejects.toThrow(/404/)); // prettier-ignore
  await world.apply(namespace, 'acme', dev);
  await world.eventually(() => world.get(namespace, 'horizontalpodautoscalers', 'acme-search'));
});

test('what an autoscaler decides stays, and does not make the platform unready', async () => {
  await aPlatform();
  await world.patch(namespace, 'deployments', 'acme-search', { spec: { replicas: 4 } });
  const { status } = await world.until([namespace, 'acme'], (platform) => rowOf(platform, 'search').ready === 4);
  expect(status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
  expect(askedOf('acme-search')).toBe(1);
});

test('a service that is no longer wanted goes, when the rest works without it', async () => {
  await aPlatform();
  await world.apply(namespace, 'acme', { ...dev, services: { search: { enabled: false } } });
  const { status } = await world.until([namespace, 'acme'], (platform) => isReady(platform) && platform.status?.services === '2/2'); // prettier-ignore
  expect(status?.workloads?.map(({ name }) => name)).toEqual(['format-conversion', 'gateway']);
  for (const kind of [
    'deployments',
    'services',
    'horizontalpodautoscalers',
    'poddisruptionbudgets',
    'serviceaccounts',
  ]) {
    await expect(world.get(namespace, kind, 'acme-search')).rejects.toThrow(/404/);
  }
  // Its login stays: the schema and its data are still there.
  expect(await secret('acme-database-search')).toHaveProperty('password');
});

test('an Ingress leads to the gateway, and goes when it is no longer wanted', async () => {
  await aPlatform({ ...dev, ingress: { host: 'ai.example.com' } });
  const { status } = await world.platform(namespace, 'acme');
  expect(status?.endpoints?.external).toBe('http://ai.example.com');
  expect(await world.list(namespace, 'ingresses')).toHaveLength(1);
  await world.apply(namespace, 'acme', dev);
  const after = await world.until([namespace, 'acme'], ({ status }) => status?.endpoints?.external === undefined);
  expect(isReady(after)).toBe(true);
  expect(await world.list(namespace, 'ingresses')).toEqual([]);
});

test('what somebody edits or deletes comes back', async () => {
  await aPlatform();
  const before = await world.get(namespace, 'services', 'acme-search');
  await world.remove(namespace, 'services', 'acme-search');
  await world.eventually(async () => {
    const { metadata } = await world.get(namespace, 'services', 'acme-search');
    expect(metadata.uid).not.toBe(before.metadata.uid);
  });
  const container = { name: 'gateway', image: 'example.invalid/other:1' };
  await world.patch(namespace, 'deployments', 'acme-gateway', {
    spec: { template: { spec: { containers: [container] } } },
  });
  await world.eventually(async () => {
    const deployment = await world.get<{ spec: { template: { spec: { containers: { image: string }[] } } } }>(
      namespace,
      'deployments',
      'acme-gateway',
    );
    expect(deployment.spec.template.spec.containers[0]?.image).toContain(':0.1.0');
  });
  await world.until([namespace, 'acme'], isReady);
});

function rowOf({ status }: Awaited<ReturnType<World['platform']>>, workload: string): { ready?: number } {
  return status?.workloads?.find(({ name }) => name === workload) ?? {};
}
