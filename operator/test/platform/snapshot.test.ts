import type { GenAIPlatformSpec } from '@genai-platform/crds';
import { installForeignKinds } from './harness/foreign-kinds.ts';
import type { Place } from './harness/place.ts';
import { eventually } from './harness/place.ts';
import { World } from './harness/world.ts';

const wanted: GenAIPlatformSpec = { profile: 'dev', deletionPolicy: 'Snapshot' };
const claims = ['acme-cache-data', 'acme-postgres-data'];
let world: World;

jest.setTimeout(120_000);

beforeAll(async () => {
  world = await World.start();
  await installForeignKinds(world.plane);
  await world.startOperator();
});

afterAll(() => world.stop());

/** Gives the claims volumes, as a provisioner would. */
async function bind({ namespace }: Place): Promise<void> {
  for (const name of claims) {
    await world.plane.request('POST', '/api/v1/persistentvolumes', {
      metadata: { name: `${namespace}-${name}` },
      spec: {
        capacity: { storage: '100Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/nowhere' },
        claimRef: { namespace, name },
      },
    });
  }
}

const phases = async (place: Place): Promise<(string | undefined)[]> =>
  (await place.list<{ status?: { phase?: string } }>('persistentvolumeclaims')).map(({ status }) => status?.phase);

/** Reports on a snapshot, as the snapshot controller would. */
const report = ({ namespace }: Place, name: string, status: object): Promise<unknown> =>
  world.plane.request(
    'PATCH',
    `/apis/snapshot.storage.k8s.io/v1/namespaces/${namespace}/volumesnapshots/${name}/status`,
    { contentType: 'application/merge-patch+json', text: JSON.stringify({ status }) },
  );

async function snapshots(place: Place): Promise<string[]> {
  return eventually(async () => {
    const names = await place.names('volumesnapshots');
    expect(names).toHaveLength(claims.length);
    return names;
  });
}

test('no volume goes before its snapshot is ready; snapshots and keys stay', async () => {
  const place = await world.place();
  await place.apply(wanted);
  await eventually(async () => expect(await place.names('persistentvolumeclaims')).toEqual(claims));
  await bind(place);
  await eventually(async () => expect(await phases(place)).toEqual(['Bound', 'Bound']));
  await place.ready(wanted);
  await place.delete();
  const [cache = '', postgres = ''] = await snapshots(place);
  expect(postgres).toMatch(/^acme-postgres-data-final-[0-9a-f]{8}$/);
  await place.until(({ status }) => status?.summary?.includes('no snapshot controller has taken it up yet') === true);
  await report(place, postgres, { readyToUse: true });
  await report(place, cache, { readyToUse: false, error: { message: 'the driver is out of space' } });
  await place.until(({ status }) => status?.summary === `waiting for snapshots: VolumeSnapshot ${cache}: the driver is out of space`); // prettier-ignore
  expect(await place.names('persistentvolumeclaims')).toEqual(claims);
  expect(await place.names('pods')).toEqual([]);
  await report(place, cache, { readyToUse: true, error: null });
  await place.gone();
  expect(await place.names('volumesnapshots')).toEqual([cache, postgres]);
  expect((await place.secret('acme-postgres-admin'))['password']).toBeDefined();
  await eventually(async () => expect(await place.names('persistentvolumeclaims')).toEqual([]));
});
