import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { AuditEvent } from '../../../test/harness/control-plane.ts';
import { OPERATOR_USER, World, auditPolicy, isReady } from './harness/world.ts';

const dev: GenAIPlatformSpec = { profile: 'dev', ingress: { host: 'ai.example.com' } };
let world: World;
let namespace: string;

beforeAll(async () => {
  world = await World.start({ auditPolicy });
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

const gone = (): Promise<void> =>
  world.eventually(async () => {
    await expect(world.platform(namespace, 'acme')).rejects.toThrow(/404/);
  });

const passwordOf = async (secret: string): Promise<string | undefined> =>
  (await world.get<{ data: Record<string, string> }>(namespace, 'secrets', secret)).data['password'];

const namesOf = async (plural: string): Promise<string[]> =>
  (await world.list(namespace, plural)).map(({ metadata }) => metadata.name);

/** What the operator deleted in this test's namespace, in the order in which it did. */
async function deletions(): Promise<string[]> {
  const isOurs = ({ user, verb, objectRef, responseStatus }: AuditEvent): boolean =>
    user.username === OPERATOR_USER && verb === 'delete' && objectRef?.namespace === namespace && responseStatus?.code === 200; // prettier-ignore
  const events = (await world.plane.auditEvents()).filter(isOurs);
  return [...new Set(events.map(({ objectRef }) => `${objectRef?.resource ?? ''}/${objectRef?.name ?? ''}`))];
}

test('everything goes in order, and by default the data stays for a platform of the same name', async () => {
  await aPlatform();
  const password = await passwordOf('acme-postgres-admin');
  const [volume] = await world.list(namespace, 'persistentvolumeclaims');
  await world.delete(namespace, 'acme');
  await gone();

  const order = await deletions();
  const at = (name: string): number => order.indexOf(name);
  expect(at('ingresses/acme-edge')).toBe(0);
  for (const workload of ['gateway', 'search', 'format-conversion']) {
    expect(at(`deployments/acme-${workload}`)).toBeGreaterThan(at('ingresses/acme-edge'));
    expect(at(`deployments/acme-${workload}`)).toBeLessThan(at('statefulsets/acme-cache'));
  }
  expect(at('statefulsets/acme-cache')).toBeLessThan(at('statefulsets/acme-postgres'));
  expect(order.filter((name) => /^(secrets|persistentvolumeclaims)\//.test(name))).toEqual([]);

  await world.eventually(async () => {
    for (const plural of ['pods', 'deployments', 'services', 'networkpolicies', 'jobs', 'serviceaccounts']) {
      expect((await namesOf(plural)).filter((name) => name.startsWith('acme'))).toEqual([]);
    }
  });
  expect(await passwordOf('acme-postgres-admin')).toBe(password);
  expect((await world.list(namespace, 'persistentvolumeclaims')).map(({ metadata }) => metadata.uid)).toContain(volume?.metadata.uid); // prettier-ignore

  await aPlatform();
  expect(await passwordOf('acme-postgres-admin')).toBe(password);
  expect((await world.list(namespace, 'persistentvolumeclaims')).map(({ metadata }) => metadata.uid)).toContain(volume?.metadata.uid); // prettier-ignore
});

test('deletionPolicy Delete takes the data too, last of all', async () => {
  await aPlatform({ ...dev, deletionPolicy: 'Delete' });
  await world.delete(namespace, 'acme');
  await gone();
  const order = await deletions();
  expect(order.indexOf('persistentvolumeclaims/acme-postgres-data')).toBeGreaterThan(order.indexOf('statefulsets/acme-postgres')); // prettier-ignore
  await world.eventually(async () => {
    for (const plural of ['secrets', 'persistentvolumeclaims', 'configmaps']) {
      expect((await namesOf(plural)).filter((name) => name.startsWith('acme'))).toEqual([]);
    }
  });
});

test('a change of mind counts: Delete may become Retain until the end', async () => {
  await aPlatform({ ...dev, deletionPolicy: 'Delete' });
  await world.apply(namespace, 'acme', { ...dev, deletionPolicy: 'Retain' });
  await world.until([namespace, 'acme'], isReady);
  await world.delete(namespace, 'acme');
  await gone();
  await new Promise((resolve) => setTimeout(resolve, 1_000)); // time for the garbage collector to do wrong
  expect(await passwordOf('acme-postgres-admin')).toBeDefined();
  expect(await namesOf('persistentvolumeclaims')).toContain('acme-postgres-data');
});

test('what holds a deletion up is named, and it goes on when that lets go', async () => {
  await aPlatform({ ...dev, deletionPolicy: 'Delete' });
  const hold = { metadata: { finalizers: ['example.com/backup'] } };
  await world.patch(namespace, 'persistentvolumeclaims', 'acme-postgres-data', hold);
  await world.delete(namespace, 'acme');
  const { status } = await world.until([namespace, 'acme'], (platform) => platform.status?.summary?.includes('example.com/backup') ?? false); // prettier-ignore
  expect(await passwordOf('acme-postgres-admin')).toBeDefined(); // not before what it opens
  expect(status?.summary).toMatch(/^waiting for volumes: deleting .*PersistentVolumeClaim acme-postgres-data \(held by .*example\.com\/backup/); // prettier-ignore
  await world.patch(namespace, 'persistentvolumeclaims', 'acme-postgres-data', { metadata: { finalizers: null } });
  await gone();
});

test('a platform that never came up goes as well', async () => {
  const external = { host: 'db.example.com', credentialsSecretRef: { name: 'nobody-made-it' } };
  await world.apply(namespace, 'acme', { profile: 'dev', database: { external } });
  await world.until([namespace, 'acme'], ({ status }) => status?.summary?.includes('nobody-made-it') ?? false);
  await world.delete(namespace, 'acme');
  await gone();
});

test('a platform goes with its namespace', async () => {
  await aPlatform();
  await world.plane.request('DELETE', `/api/v1/namespaces/${namespace}`);
  await gone();
});
