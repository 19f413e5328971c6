import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { Platform } from '../../src/platform/kinds.ts';
import type { Manager } from '../../src/runtime/index.ts';
import type { Live, Place } from './harness/place.ts';
import { eventually, has, isReady } from './harness/place.ts';
import { World } from './harness/world.ts';

const dev: GenAIPlatformSpec = { profile: 'dev' };
/** Services with a database, in the order of their Secrets' names. */
const owners = ['auth', 'format_conversion', 'search'];
const logins = ['acme-cache-gateway', ...owners.map((owner) => `acme-database-${owner.replace('_', '-')}`)];
const generation = (number: number): string[] => owners.map((owner) => `${owner}_g${number}`);
let world: World;
let operator: Manager;

// The operator is stopped and started again while it rotates; the tests come one after the other.
jest.setTimeout(180_000);

beforeAll(async () => {
  world = await World.start();
  operator = await world.startOperator();
});

afterAll(() => world.stop());

const phases = ({ status }: Platform): string[] => (status?.credentials ?? []).map(({ phase }) => phase);
const areAll = (phase: string) => (platform: Platform) =>
  phases(platform).length === logins.length && phases(platform).every((seen) => seen === phase);
const isRotated = (platform: Platform): boolean =>
  isReady(platform) && areAll('Settled')(platform) && platform.status?.credentials?.every(({ rotatedAt }) => rotatedAt) === true; // prettier-ignore

const usernames = (place: Place): Promise<(string | undefined)[]> =>
  Promise.all(logins.map(async (name) => (await place.secret(name))['username']));

async function ask(place: Place, word: string): Promise<void> {
  await world.plane.request(
    'PATCH',
    `/apis/genaiplatform.io/v1alpha1/namespaces/${place.namespace}/genaiplatforms/acme`,
    {
      contentType: 'application/merge-patch+json',
      text: JSON.stringify({ metadata: { annotations: { 'genaiplatform.io/rotate-credentials': word } } }),
    },
  );
}

/** The one Job whose name begins so, as its pods are run with. */
async function setupPlans(place: Place): Promise<object[]> {
  const map = await place.get<{ data: Record<string, string> }>('configmaps', 'acme-database-setup');
  return (JSON.parse(map.data['setup.json'] ?? '') as { schemas: object[] }).schemas;
}

interface Template {
  readonly spec: { readonly template: { readonly metadata: { readonly annotations: Record<string, string> } } };
}

async function checksums(place: Place): Promise<Record<string, string | undefined>> {
  const [deployments, sets] = [await place.list<Template>('deployments'), await place.list<Template>('statefulsets')];
  return Object.fromEntries(
    [...deployments, ...sets].map(({ metadata, spec }: Live & Template) => [
      metadata.name,
      spec.template.metadata.annotations['genaiplatform.io/checksum'],
    ]),
  );
}

test('the passwords of database and cache are replaced one phase after the other, and only their users restart', async () => {
  const place = await world.place();
  await place.ready(dev);
  const before = {
    passwords: await Promise.all(logins.map((name) => place.secret(name))),
    checksums: await checksums(place),
  };
  const servers = async (): Promise<string[]> =>
    (await place.list<{ spec: { volumes: unknown[] } }>('pods'))
      .filter(({ metadata }) => /^acme-(postgres|cache)-0$/.test(metadata.name))
      .map(({ metadata }) => metadata.uid);
  const untouched = await servers();
  // The setup Job is held up, so that the first phase can be looked at.
  const release = place.pods(({ metadata }) => (/^acme-(database-setup|cache-logins)/.test(metadata.name) ? { kind: 'untouched' } : undefined)); // prettier-ignore
  await ask(place, 'once');
  await place.until(areAll('Prepared'));
  await eventually(async () =>
    expect(await setupPlans(place)).toMatchObject(
      owners.map((owner) => ({ login: `${owner}_g1`, next: `${owner}_g2` })),
    ),
  );
  // Nobody uses what is not valid yet.
  expect(await checksums(place)).toEqual(before.checksums);
  expect(await usernames(place)).toEqual(['gateway', ...generation(1)]);
  const acl = (await place.secret('acme-cache-acl'))['users.acl'] ?? '';
  expect(acl.match(/user gateway on( #[0-9a-f]{64}){2} /)).not.toBeNull();
  release();
  const { status } = await place.until(isRotated, 90_000);
  expect(await usernames(place)).toEqual(['gateway', ...generation(2)]);
  expect(status?.drift).toBeUndefined();
  const after = await Promise.all(logins.map((name) => place.secret(name)));
  for (const [index, values] of after.entries()) {
    expect(values['password']).not.toBe(before.passwords[index]?.['password']);
    expect(Object.keys(values).filter((key) => /^(next|previous)-/.test(key))).toEqual([]);
  }
  const retiring = owners.map((owner) => ({ login: `${owner}_g2`, retire: `${owner}_g1` }));
  expect(await setupPlans(place)).toMatchObject(retiring);
  const now = await checksums(place);
  const changed = Object.keys(now).filter((name) => now[name] !== before.checksums[name]);
  expect(changed.sort()).toEqual(['acme-auth', 'acme-format-conversion', 'acme-gateway', 'acme-search']);
  expect(await servers()).toEqual(untouched);
  expect(status?.credentials?.map(({ secret }) => secret)).toEqual(logins);
});

test('the same word asks for nothing more, another one does', async () => {
  const place = await world.place();
  await place.ready(dev);
  await ask(place, 'first');
  await place.until(isRotated, 90_000);
  await ask(place, 'second');
  await eventually(async () => expect(await usernames(place)).toContain('search_g3'), 90_000);
  await place.until(isRotated, 90_000);
  await place.apply({ ...dev, services: { search: { replicas: 2 } } });
  await place.until(isReady);
  expect(await usernames(place)).toEqual(['gateway', ...generation(3)]);
});

test('a next login that cannot be made valid is nobody’s', async () => {
  const place = await world.place();
  await place.ready(dev);
  const before = await checksums(place);
  const pods = await place.servingPods();
  const mend = place.pods(({ metadata }) =>
    metadata.name.startsWith('acme-database-setup')
      ? { kind: 'failed', exitCode: 1, message: 'permission denied to create role' }
      : undefined,
  );
  await ask(place, 'once');
  await place.until(has('MigrationsReady', 'False'));
  await place.until(
    (platform) => platform.status?.summary?.includes('permission denied to create role') === true,
    90_000,
  );
  expect(await checksums(place)).toEqual(before);
  expect(await place.servingPods()).toEqual(pods);
  expect(await usernames(place)).toEqual(['gateway', ...generation(1)]);
  mend();
});

test('a password is replaced when it is old enough, and the old one stays valid until the last pod that has it ends', async () => {
  const place = await world.place();
  await place.ready({ ...dev, secrets: { rotation: { intervalDays: 30 } } });
  // No pod of the next revision gets ready.
  const release = place.pods((pod) =>
    pod.metadata.name.startsWith('acme-search-') && !pod.metadata.ownerReferences?.some(({ kind }) => kind === 'Job')
      ? { kind: 'untouched' }
      : undefined,
  );
  const old = { 'rotated-at': btoa('2020-01-01T00:00:00Z') };
  await place.patch('secrets', 'acme-database-search', { data: old });
  await place.until(({ status }) => status?.credentials?.some(({ phase }) => phase === 'Switched') === true, 90_000);
  // The others are young.
  expect(phases(await place.platform())).toEqual(
    logins.map((name) => (name === 'acme-database-search' ? 'Switched' : 'Settled')),
  );
  const search = async (): Promise<object | undefined> => (await setupPlans(place))[owners.indexOf('search')];
  expect(await search()).not.toHaveProperty('retire');
  expect((await place.secret('acme-database-search'))['previous-username']).toBe('search_g1');
  release();
  await eventually(async () => expect(await search()).toHaveProperty('retire', 'search_g1'), 90_000);
  await place.until(isReady, 90_000);
});

test('an operator that stops in any phase is followed by one that goes on', async () => {
  const place = await world.place();
  await place.ready(dev);
  const restart = async (): Promise<void> => {
    await world.stopOperator(operator);
    operator = await world.startOperator();
  };
  const hold = (prefix: RegExp): (() => void) => place.pods(({ metadata }) => (prefix.test(metadata.name) ? { kind: 'untouched' } : undefined)); // prettier-ignore
  const setup = hold(/^acme-database-setup/);
  await ask(place, 'once');
  await place.until(areAll('Prepared'));
  const prepared = await Promise.all(logins.map((name) => place.secret(name)));
  await restart();
  const roll = hold(/^acme-(search|gateway|format-conversion)-[a-z0-9]+-[a-z0-9]+$/);
  setup();
  await place.until(areAll('Switched'), 90_000);
  const switched = await Promise.all(logins.map((name) => place.secret(name)));
  expect(switched.map(({ password }) => password)).toEqual(prepared.map((values) => values['next-password']));
  expect(switched.map((values) => values['previous-password'])).toEqual(prepared.map(({ password }) => password));
  await restart();
  roll();
  await place.until(isRotated, 90_000);
  const settled = await Promise.all(logins.map((name) => place.secret(name)));
  expect(settled.map(({ password }) => password)).toEqual(switched.map(({ password }) => password));
});
