import { catalogue } from '@genai-platform/cdk8s';
import { parseIdentityKeys, verifyIdentityToken } from '@genai-platform/common/core';
import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { Platform } from '../../src/platform/kinds.ts';
import type { Place } from './harness/place.ts';
import { eventually, has, isReady } from './harness/place.ts';
import { World } from './harness/world.ts';

const dev: GenAIPlatformSpec = { profile: 'dev' };
const everything = catalogue.map(({ name }) => name).sort();
const withDatabase = catalogue.filter(({ needs }) => needs.includes('postgres')).map(({ name }) => name);
let world: World;

beforeAll(async () => {
  world = await World.start();
  await world.startOperator();
});

afterAll(() => world.stop());

const askedOf = (workload: string, { namespace }: Place): number =>
  world.answerer.asked.filter(({ origin }) => origin.includes(`//${workload}.${namespace}.`)).length;
const rowOf = ({ status }: Platform, workload: string): { ready?: number } =>
  status?.workloads?.find(({ name }) => name === workload) ?? {};

test.concurrent(
  'a profile alone becomes a platform that says of itself that it is ready, and how to reach it',
  async () => {
    const place = await world.place();
    const { status } = await place.ready(dev);
    expect(status).toMatchObject({
      summary: 'ready',
      services: `${everything.length}/${everything.length}`,
      version: '0.1.0',
      endpoints: { internal: `http://acme-gateway.${place.namespace}.svc:8000` },
      bootstrapAdmin: { secretRef: { name: 'acme-bootstrap-admin' } },
    });
    expect(status?.lastGoodRevision).toBe(status?.currentRevision);
    expect(status?.workloads?.map(({ name, version, ready, desired }) => [name, version, ready, desired])).toEqual(
      everything.map((name) => [name, '0.1.0', 1, 1]),
    );
    const truths = status?.conditions?.filter((condition) => condition.status === 'True').map(({ type }) => type);
    expect(truths?.sort()).toEqual(
      ['CacheReady', 'DatabaseReady', 'EdgeReady', 'MigrationsReady', 'Ready', 'SecretsReady', 'ServicesReady'], // prettier-ignore
    );
    expect(new Set(status?.conditions?.map(({ observedGeneration }) => observedGeneration))).toEqual(new Set([1]));
    expect((await place.secret('acme-bootstrap-admin'))['api-key']).toMatch(/^gp_[A-Za-z0-9_-]{43}$/);
  },
);

test.concurrent(
  'each workload has answered one real request, under an identity of the operator, and the answer is latched',
  async () => {
    const place = await world.place();
    const { status } = await place.ready(dev);
    for (const { verification, revision } of status?.workloads ?? []) {
      expect(verification).toEqual({ revision, result: 'Passed', latencyMilliseconds: expect.any(Number) });
    }
    const asked = world.answerer.asked.filter(({ origin }) => origin.includes(`.${place.namespace}.`));
    expect(asked.map(({ path }) => path).sort()).toEqual(catalogue.map(({ verification: { path } }) => path).sort());
    const [key] = parseIdentityKeys((await place.secret('acme-identity'))['key'] ?? '');
    const toSearch = asked.find(({ path }) => path.startsWith('/v1/search'));
    const token = toSearch?.headers.authorization?.replace('Bearer ', '') ?? '';
    const { identity } = await verifyIdentityToken(key!, 'search', token);
    expect(identity).toEqual({ subject: 'operator', tenant: 'platform-verification', scopes: ['search:read'] });
  },
);

test.concurrent('the gateway comes after all that it calls', async () => {
  const place = await world.place();
  const restore = world.answerer.fail(`acme-search.${place.namespace}.`, 503);
  await place.apply(dev);
  const { status } = await place.until(has('ServicesReady', 'False', 'VerificationFailed'));
  expect(status?.summary).toContain('search: GET /v1/search/indexes?limit=1: HTTP 503');
  expect(status?.workloads?.find(({ name }) => name === 'search')).toMatchObject({
    reason: 'VerificationFailed',
    verification: { result: 'Failed' },
  });
  expect(status?.workloads?.find(({ name }) => name === 'gateway')?.reason).toBe('Waiting');
  await expect(place.get('deployments', 'acme-gateway')).rejects.toThrow(/404/);
  restore();
  const { status: after } = await place.until(isReady);
  expect(after?.services).toBe(`${everything.length}/${everything.length}`);
});

test.concurrent('a new version is migrated, rolled out and verified, and asked nothing twice', async () => {
  const place = await world.place();
  const before = await place.ready(dev);
  await place.apply({ ...dev, version: '0.2.0' });
  const { status } = await place.until(isReady);
  expect(status?.workloads?.map(({ version }) => version)).toEqual(everything.map(() => '0.2.0'));
  expect(status?.currentRevision).not.toBe(before.status?.currentRevision);
  expect(status?.lastGoodRevision).toBe(status?.currentRevision);
  expect([askedOf('acme-search', place), askedOf('acme-gateway', place)]).toEqual([2, 2]);
  const jobs = await place.list('jobs');
  expect(jobs.map(({ metadata }) => metadata.name.replace(/-[0-9a-f]{8}$/, '')).sort()).toEqual(
    ['acme-database-setup', ...withDatabase.map((name) => `acme-${name}-migrate`)].sort(),
  );
});

test.concurrent('passwords, keys and certificates are the same after a change as before', async () => {
  const place = await world.place();
  await place.ready(dev);
  const names = ['acme-identity', 'acme-postgres-admin', 'acme-database-search', 'acme-ca', 'acme-postgres-tls'];
  const before = await Promise.all(names.map((name) => place.secret(name)));
  await place.apply({ ...dev, version: '0.2.0', services: { search: { replicas: 2 } } });
  await place.until(isReady);
  expect(await Promise.all(names.map((name) => place.secret(name)))).toEqual(before);
});

test.concurrent('a fixed number of pods replaces the autoscaler, and comes back with it', async () => {
  const place = await world.place();
  await place.ready(dev);
  await place.apply({ ...dev, services: { search: { replicas: 3 } } });
  const { status } = await place.until((platform) => isReady(platform) && rowOf(platform, 'search').ready === 3); // prettier-ignore
  expect(status?.workloads?.find(({ name }) => name === 'search')).toMatchObject({ ready: 3, desired: 3 });
  await eventually(() => expect(place.get('horizontalpodautoscalers', 'acme-search')).rejects.toThrow(/404/)); // prettier-ignore
  await place.apply(dev);
  await eventually(() => place.get('horizontalpodautoscalers', 'acme-search'));
});

test.concurrent('what an autoscaler decides stays, and does not make the platform unready', async () => {
  const place = await world.place();
  await place.ready(dev);
  await place.patch('deployments', 'acme-search', { spec: { replicas: 4 } });
  const { status } = await place.until((platform) => rowOf(platform, 'search').ready === 4);
  expect(status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
  expect(askedOf('acme-search', place)).toBe(1);
});

test.concurrent('a service that is no longer wanted goes, when the rest works without it', async () => {
  const place = await world.place();
  await place.ready(dev);
  await place.apply({ ...dev, services: { search: { enabled: false } } });
  const { status } = await place.until((platform) => isReady(platform) && platform.status?.workloads?.length === everything.length - 1); // prettier-ignore
  expect(status?.workloads?.map(({ name }) => name)).toEqual(everything.filter((name) => name !== 'search'));
  for (const kind of [
    'deployments',
    'services',
    'horizontalpodautoscalers',
    'poddisruptionbudgets',
    'serviceaccounts',
  ]) {
    await expect(place.get(kind, 'acme-search')).rejects.toThrow(/404/);
  }
  // Its login stays: the schema and its data are still there.
  expect(await place.secret('acme-database-search')).toHaveProperty('password');
});

test.concurrent('an Ingress leads to the gateway, and goes when it is no longer wanted', async () => {
  const place = await world.place();
  const { status } = await place.ready({ ...dev, ingress: { host: 'ai.example.com' } });
  expect(status?.endpoints?.external).toBe('http://ai.example.com');
  expect(await place.list('ingresses')).toHaveLength(1);
  await place.apply(dev);
  const after = await place.until(({ status }) => status?.endpoints?.external === undefined);
  expect(isReady(after)).toBe(true);
  expect(await place.list('ingresses')).toEqual([]);
});

test.concurrent('what somebody edits or deletes comes back', async () => {
  const place = await world.place();
  await place.ready(dev);
  const before = await place.get('services', 'acme-search');
  await place.remove('services', 'acme-search');
  await eventually(async () => {
    const { metadata } = await place.get('services', 'acme-search');
    expect(metadata.uid).not.toBe(before.metadata.uid);
  });
  const container = { name: 'gateway', image: 'example.invalid/other:1' };
  await place.patch('deployments', 'acme-gateway', {
    spec: { template: { spec: { containers: [container] } } },
  });
  await eventually(async () => {
    const deployment = await place.get<{ spec: { template: { spec: { containers: { image: string }[] } } } }>(
      'deployments',
      'acme-gateway',
    );
    expect(deployment.spec.template.spec.containers[0]?.image).toContain(':0.1.0');
  });
  await place.until(isReady);
});
