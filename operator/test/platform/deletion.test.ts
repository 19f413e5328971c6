import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { AuditEvent } from '../../../test/harness/control-plane.ts';
import type { Place } from './harness/place.ts';
import { eventually } from './harness/place.ts';
import { OPERATOR_USER, World, auditPolicy } from './harness/world.ts';

const dev: GenAIPlatformSpec = { profile: 'dev', ingress: { host: 'ai.example.com' } };
let world: World;

beforeAll(async () => {
  world = await World.start({ auditPolicy });
  await world.startOperator();
});

afterAll(() => world.stop());

const passwordOf = async (place: Place): Promise<string | undefined> =>
  (await place.secret('acme-postgres-admin'))['password'];

/** What the operator deleted there, in the order in which it did. */
async function deletions({ namespace }: Place): Promise<string[]> {
  const isOurs = ({ user, verb, objectRef, responseStatus }: AuditEvent): boolean =>
    user.username === OPERATOR_USER && verb === 'delete' && objectRef?.namespace === namespace && responseStatus?.code === 200; // prettier-ignore
  const events = (await world.plane.auditEvents()).filter(isOurs);
  return [...new Set(events.map(({ objectRef }) => `${objectRef?.resource ?? ''}/${objectRef?.name ?? ''}`))];
}

test.concurrent('everything goes in order, and by default the data stays for a platform of the same name', async () => {
  const place = await world.place();
  await place.ready(dev);
  const password = await passwordOf(place);
  const [volume] = await place.list('persistentvolumeclaims');
  await place.delete();
  await place.gone();

  const order = await deletions(place);
  const at = (name: string): number => order.indexOf(name);
  expect(at('ingresses/acme-edge')).toBe(0);
  for (const workload of ['gateway', 'auth', 'search', 'format-conversion']) {
    expect(at(`deployments/acme-${workload}`)).toBeGreaterThan(at('ingresses/acme-edge'));
    expect(at(`deployments/acme-${workload}`)).toBeLessThan(at('statefulsets/acme-cache'));
  }
  expect(at('statefulsets/acme-cache')).toBeLessThan(at('statefulsets/acme-postgres'));
  expect(order.filter((name) => /^(secrets|persistentvolumeclaims)\//.test(name))).toEqual([]);

  await eventually(async () => {
    for (const plural of ['pods', 'deployments', 'services', 'networkpolicies', 'jobs', 'serviceaccounts']) {
      expect(await place.names(plural)).toEqual([]);
    }
  });
  expect(await passwordOf(place)).toBe(password);
  expect((await place.list('persistentvolumeclaims')).map(({ metadata }) => metadata.uid)).toContain(volume?.metadata.uid); // prettier-ignore

  await place.ready(dev);
  expect(await passwordOf(place)).toBe(password);
  expect((await place.list('persistentvolumeclaims')).map(({ metadata }) => metadata.uid)).toContain(volume?.metadata.uid); // prettier-ignore
});

test.concurrent('deletionPolicy Delete takes the data too, last of all', async () => {
  const place = await world.place();
  await place.ready({ ...dev, deletionPolicy: 'Delete' });
  await place.delete();
  await place.gone();
  const order = await deletions(place);
  expect(order.indexOf('persistentvolumeclaims/acme-postgres-data')).toBeGreaterThan(order.indexOf('statefulsets/acme-postgres')); // prettier-ignore
  await eventually(async () => {
    for (const plural of ['secrets', 'persistentvolumeclaims', 'configmaps']) {
      expect(await place.names(plural)).toEqual([]);
    }
  });
});

test.concurrent('a change of mind counts: Delete may become Retain until the end', async () => {
  const place = await world.place();
  await place.ready({ ...dev, deletionPolicy: 'Delete' });
  await place.ready({ ...dev, deletionPolicy: 'Retain' });
  await place.delete();
  await place.gone();
  await new Promise((resolve) => setTimeout(resolve, 1_000)); // time for the garbage collector to do wrong
  expect(await passwordOf(place)).toBeDefined();
  expect(await place.names('persistentvolumeclaims')).toContain('acme-postgres-data');
});

test.concurrent('what holds a deletion up is named, and it goes on when that lets go', async () => {
  const place = await world.place();
  await place.ready({ ...dev, deletionPolicy: 'Delete' });
  const hold = { metadata: { finalizers: ['example.com/backup'] } };
  await place.patch('persistentvolumeclaims', 'acme-postgres-data', hold);
  await place.delete();
  const { status } = await place.until((platform) => platform.status?.summary?.includes('example.com/backup') ?? false); // prettier-ignore
  expect(await passwordOf(place)).toBeDefined(); // not before what it opens
  expect(status?.summary).toMatch(/^waiting for volumes: deleting .*PersistentVolumeClaim acme-postgres-data \(held by .*example\.com\/backup/); // prettier-ignore
  await place.patch('persistentvolumeclaims', 'acme-postgres-data', { metadata: { finalizers: null } });
  await place.gone();
});

test.concurrent('a platform that never came up goes as well', async () => {
  const place = await world.place();
  const external = { host: 'db.example.com', credentialsSecretRef: { name: 'nobody-made-it' } };
  await place.apply({ profile: 'dev', database: { external } });
  await place.until(({ status }) => status?.summary?.includes('nobody-made-it') ?? false);
  await place.delete();
  await place.gone();
});

test.concurrent('a platform goes with its namespace', async () => {
  const place = await world.place();
  await place.ready(dev);
  await world.plane.request('DELETE', `/api/v1/namespaces/${place.namespace}`);
  await place.gone();
});

test.concurrent(
  'without snapshots in the cluster the deletion says so, and goes on when told to keep the volumes',
  async () => {
    const place = await world.place();
    await place.apply({ profile: 'dev', deletionPolicy: 'Snapshot' });
    await eventually(async () => expect(await place.names('persistentvolumeclaims')).toHaveLength(2));
    const spec = { capacity: { storage: '100Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/nowhere' } };
    await world.plane.request('POST', '/api/v1/persistentvolumes', {
      metadata: { name: `${place.namespace}-data` },
      spec: { ...spec, claimRef: { namespace: place.namespace, name: 'acme-postgres-data' } },
    });
    await eventually(async () => {
      const { status } = await place.get<{ status: { phase: string } }>('persistentvolumeclaims', 'acme-postgres-data');
      expect(status.phase).toBe('Bound');
    });
    await place.delete();
    const { status } = await place.until((platform) => platform.status?.summary?.includes('VolumeSnapshot') ?? false);
    expect(status?.summary).toContain('kubectl annotate genai acme genaiplatform.io/leave-behind=snapshots');
    expect(status?.conditions?.find(({ type }) => type === 'Degraded')).toMatchObject({
      reason: 'SnapshotsUnavailable',
    });
    await place.annotate('genaiplatform.io/leave-behind', 'snapshots');
    await place.gone();
    expect(await place.names('persistentvolumeclaims')).toEqual(['acme-cache-data', 'acme-postgres-data']);
  },
);

test.concurrent('a stage that never ends is given up when asked, and what is left is told', async () => {
  const place = await world.place();
  await place.ready({ ...dev, deletionPolicy: 'Delete' });
  await place.patch('persistentvolumeclaims', 'acme-postgres-data', { metadata: { finalizers: ['example.com/gone'] } });
  await place.delete();
  await place.until((platform) => platform.status?.summary?.includes('example.com/gone') ?? false);
  await place.annotate('genaiplatform.io/leave-behind', 'edge, volumes');
  await place.gone();
  expect(await place.names('persistentvolumeclaims')).toContain('acme-postgres-data');
  expect(await place.names('secrets')).toEqual([]);
  await place.patch('persistentvolumeclaims', 'acme-postgres-data', { metadata: { finalizers: null } });
});

test.concurrent('a protected platform goes on serving when it is deleted, until its protection is lifted', async () => {
  const place = await world.place();
  await place.ready({ ...dev, deletionProtection: true });
  const pods = await place.servingPods();
  await place.delete();
  await place.until((platform) => platform.status?.summary?.includes('spec.deletionProtection is true') ?? false);
  expect(await place.servingPods()).toEqual(pods);
  expect(await place.names('ingresses')).toEqual(['acme-edge']);
  await place.apply({ ...dev, deletionProtection: false });
  await place.gone();
});
