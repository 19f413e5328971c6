import { randomBytes } from 'node:crypto';
import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { Platform } from '../../src/platform/kinds.ts';
import type { Live, Place } from './harness/place.ts';
import { eventually, has, isReady } from './harness/place.ts';
import { World } from './harness/world.ts';

const dev: GenAIPlatformSpec = { profile: 'dev' };
const apiKey = `gp_${'k'.repeat(24)}`;
let world: World;

jest.setTimeout(240_000);

beforeAll(async () => {
  world = await World.start();
  await world.startOperator();
});

afterAll(() => world.stop());

const message = ({ status }: Platform): string | undefined => status?.conditions?.find(({ type }) => type === 'SecretsReady')?.message; // prettier-ignore
const newKey = (): string => randomBytes(32).toString('base64url');

function give(place: Place, name: string, values: Readonly<Record<string, string>>): Promise<unknown> {
  return place.create('secrets', { metadata: { name }, stringData: values });
}

function change(place: Place, name: string, values: Readonly<Record<string, string>>): Promise<unknown> {
  return place.patch('secrets', name, { stringData: values });
}

/** What tells whether anybody has touched an object. */
async function identity(place: Place, name: string): Promise<object> {
  const { metadata } = await place.get('secrets', name);
  const { uid, resourceVersion, labels, ownerReferences } = metadata;
  return { uid, resourceVersion, labels, ownerReferences };
}

interface Template {
  readonly spec: { readonly template: { readonly metadata: { readonly annotations: Record<string, string> } } };
}

/** Of everything that has pods: what they were started with. */
async function checksums(place: Place): Promise<Map<string, string | undefined>> {
  const lists = [await place.list<Template>('deployments'), await place.list<Template>('statefulsets')];
  const entries = lists.flat().map(({ metadata, spec }: Live & Template) => [metadata.name, spec.template.metadata.annotations['genaiplatform.io/checksum']] as const); // prettier-ignore
  return new Map(entries);
}

async function changedSince(place: Place, before: ReadonlyMap<string, string | undefined>): Promise<string[]> {
  const now = await checksums(place);
  return [...now].filter(([name, checksum]) => before.get(name) !== checksum).map(([name]) => name).sort(); // prettier-ignore
}

/** Exactly these are started anew, and the platform is ready with them. */
async function rolls(place: Place, before: ReadonlyMap<string, string | undefined>, names: string[]): Promise<void> {
  await eventually(async () => expect(await changedSince(place, before)).toEqual(names));
  await place.until(isReady);
  expect(await changedSince(place, before)).toEqual(names);
}

test.concurrent(
  'a platform waits for a Secret that it is given, says what is missing, and takes it when it comes',
  async () => {
    const place = await world.place();
    const secrets = {
      bootstrapAdmin: { secretRef: { name: 'admin', passwordKey: 'word' } },
      databaseAdmin: { secretRef: { name: 'database', key: 'admin' } },
      databaseLogins: { search: { secretRef: { name: 'database', key: 'search' } } },
    };
    await place.apply({ ...dev, secrets });
    const missing = await place.until(has('SecretsReady', 'False', 'SecretMissing'));
    expect(message(missing)).toBe(
      `Secret ${place.namespace}/admin (spec.secrets.bootstrapAdmin.secretRef) does not exist`,
    );
    expect(has('Degraded', 'True', 'SecretMissing')(missing)).toBe(true);
    expect(await place.names('deployments')).toEqual([]);
    expect(await place.names('statefulsets')).toEqual([]);
    await give(place, 'admin', { 'api-key': apiKey, word: '' });
    const empty = await place.until(has('SecretsReady', 'False', 'SecretIncomplete'));
    expect(message(empty)).toBe(
      `Secret ${place.namespace}/admin (spec.secrets.bootstrapAdmin.secretRef) has nothing under the key "word"`,
    );
    await change(place, 'admin', { word: 'short' });
    const next = `Secret ${place.namespace}/database (spec.secrets.databaseAdmin.secretRef) does not exist`;
    await place.until((platform) => message(platform) === next);
    await give(place, 'database', { admin: 'of the administrator\n', search: 'of the search service' });
    const invalid = await place.until(has('SecretsReady', 'False', 'SecretInvalid'));
    expect(message(invalid)).toBe(
      'key "word" of Secret admin (spec.secrets.bootstrapAdmin.secretRef) is no password: 8 to 512 characters in one line',
    );
    await change(place, 'admin', { word: 'long enough' });
    const given = { admin: await identity(place, 'admin'), database: await identity(place, 'database') };
    await place.until(isReady, 180_000);
    expect(await place.secret('acme-bootstrap-admin')).toEqual({ username: 'admin', 'api-key': apiKey, password: 'long enough' }); // prettier-ignore
    expect(await place.secret('acme-postgres-admin')).toEqual({
      username: 'postgres',
      password: 'of the administrator',
    });
    expect((await place.secret('acme-database-search'))['password']).toBe('of the search service');
    expect((await place.secret('acme-database-auth'))['password']).toHaveLength(32);
    expect({ admin: await identity(place, 'admin'), database: await identity(place, 'database') }).toEqual(given);
  },
);

test.concurrent('a changed value restarts exactly the pods that read it, as soon as it is there', async () => {
  const place = await world.place();
  await give(place, 'openai', { 'api-key': 'one' });
  await give(place, 'admin', { 'api-key': apiKey, password: 'long enough' });
  const llm = { providers: [{ name: 'openai', kind: 'OpenAI' as const, credentialsSecretRef: { name: 'openai' } }] };
  await place.ready({ ...dev, llm, secrets: { bootstrapAdmin: { secretRef: { name: 'admin' } } } });
  const before = await checksums(place);
  await change(place, 'openai', { 'api-key': 'two' });
  await rolls(place, before, ['acme-llm-router']);
  const then = await checksums(place);
  await change(place, 'admin', { password: 'another one' });
  await rolls(place, then, ['acme-auth']);
  expect((await place.secret('acme-bootstrap-admin'))['password']).toBe('another one');
  // Gone while it runs: told, and nothing restarts.
  const last = await checksums(place);
  await place.remove('secrets', 'admin');
  await place.until(has('SecretsReady', 'False', 'SecretMissing'));
  expect(await changedSince(place, last)).toEqual([]);
  expect((await place.secret('acme-bootstrap-admin'))['password']).toBe('another one');
});

test.concurrent('a given password of the database or the cache is rotated in, and no schedule touches it', async () => {
  const place = await world.place();
  await place.ready(dev);
  const generated = await place.secret('acme-database-search');
  const other = await place.secret('acme-database-rag');
  await give(place, 'logins', { search: 'the first of search', gateway: 'the first of gateway' });
  const secrets = {
    databaseLogins: { search: { secretRef: { name: 'logins', key: 'search' } } },
    cacheLogins: { gateway: { secretRef: { name: 'logins', key: 'gateway' } } },
  };
  const settled = ({ status }: Platform): boolean => status?.credentials?.every(({ phase }) => phase === 'Settled') === true; // prettier-ignore
  const becomes = (search: string, username: string): Promise<void> =>
    eventually(async () => {
      expect(await place.secret('acme-database-search')).toMatchObject({ password: search, username });
      await place.until((platform) => settled(platform) && isReady(platform));
    }, 90_000);
  // Both must be valid before the first pod has the next one: the phase is there to be seen.
  const release = place.pods(({ metadata }) => (/^acme-(database-setup|cache-logins)/.test(metadata.name) ? { kind: 'untouched' } : undefined)); // prettier-ignore
  await place.apply({ ...dev, secrets });
  await place.until(({ status }) => status?.credentials?.filter(({ phase }) => phase === 'Prepared').length === 2);
  expect(await place.secret('acme-database-search')).toMatchObject({ ...generated, 'next-password': 'the first of search', 'next-username': 'search_g2' }); // prettier-ignore
  release();
  await becomes('the first of search', 'search_g2');
  expect((await place.secret('acme-cache-gateway'))['password']).toBe('the first of gateway');
  expect((await place.secret('acme-database-search'))['retired-username']).toBe('search_g1');
  expect(await place.secret('acme-database-rag')).toEqual(other);

  await change(place, 'logins', { search: 'the second of search' });
  await becomes('the second of search', 'search_g3');

  await place.annotate('genaiplatform.io/rotate-credentials', 'now');
  await eventually(async () => expect((await place.secret('acme-database-rag'))['password']).not.toBe(other['password']), 90_000); // prettier-ignore
  await becomes('the second of search', 'search_g3');
  expect((await place.secret('acme-cache-gateway'))['password']).toBe('the first of gateway');

  // Back: what is there stays, until it is rotated as any other is.
  await place.apply(dev);
  await place.until((platform) => platform.status?.observedGeneration === platform.metadata.generation && isReady(platform)); // prettier-ignore
  await place.annotate('genaiplatform.io/rotate-credentials', 'again');
  await eventually(async () => expect((await place.secret('acme-database-search'))['password']).toHaveLength(32), 90_000); // prettier-ignore
});

test.concurrent('keys change only so that pods of before and after understand each other', async () => {
  const place = await world.place();
  await place.ready(dev);
  const { key: inUse = '' } = await place.secret('acme-identity');
  const [next, before] = [newKey(), await checksums(place)];
  await give(place, 'keys', { key: next });
  const secrets = { identity: { secretRef: { name: 'keys' } } };
  await place.apply({ ...dev, secrets });
  const refused = await place.until(has('SecretsReady', 'False', 'SecretChangeRefused'));
  expect(message(refused)).toContain('key "key" of Secret keys (spec.secrets.identity.secretRef) cannot be taken over');
  expect(message(refused)).not.toContain(next);
  expect(has('Stalled', 'True', 'SecretChangeRefused')(refused)).toBe(true);
  expect(await changedSince(place, before)).toEqual([]);
  for (const keys of [[inUse, next], [next, inUse], [next]]) {
    await change(place, 'keys', { key: `${keys.join('\n')}\n` });
    await eventually(async () => expect((await place.secret('acme-identity'))['key']).toBe(keys.join('\n')));
    await place.until(isReady, 90_000);
  }
});

test.concurrent('the password that a database was made with cannot become another', async () => {
  const place = await world.place();
  await place.ready(dev);
  const before = await place.secret('acme-postgres-admin');
  await give(place, 'administrator', { password: 'something else' });
  await place.apply({ ...dev, secrets: { databaseAdmin: { secretRef: { name: 'administrator' } } } });
  const refused = await place.until(has('SecretsReady', 'False', 'SecretChangeRefused'));
  expect(message(refused)).toContain('is not the password that the database was made with');
  expect(await place.secret('acme-postgres-admin')).toEqual(before);
  await change(place, 'administrator', { password: before['password'] ?? '' });
  await place.until(isReady);
  // Nor can the platform be given what it makes itself.
  await place.apply({ ...dev, secrets: { databaseAdmin: { secretRef: { name: 'acme-postgres-admin' } } } });
  const own = await place.until(has('SecretsReady', 'False', 'SecretInvalid'));
  expect(message(own)).toContain('is one that the platform makes itself');
  expect(await place.secret('acme-postgres-admin')).toEqual(before);
});

test.concurrent('the key of live accounts is not made anew', async () => {
  const place = await world.place();
  await place.ready(dev);
  const before = await place.servingPods();
  const { key = '' } = await place.secret('acme-auth-keys');
  await place.remove('secrets', 'acme-auth-keys');
  const lost = await place.until(has('SecretsReady', 'False', 'SecretLost'));
  expect(message(lost)).toContain('the accounts in the database are encrypted with it');
  // Whoever has it elsewhere gives it back.
  await give(place, 'vault', { key });
  await place.apply({ ...dev, secrets: { authKeys: { secretRef: { name: 'vault' } } } });
  await place.until(isReady);
  expect(await place.secret('acme-auth-keys')).toEqual({ key });
  expect(await place.servingPods()).toEqual(before);
});

test.concurrent('a platform that is deleted leaves the Secrets that it was given as they were', async () => {
  const place = await world.place();
  await give(place, 'admin', { 'api-key': apiKey, password: 'long enough' });
  const before = await identity(place, 'admin');
  await place.ready({
    ...dev,
    deletionPolicy: 'Delete',
    secrets: { bootstrapAdmin: { secretRef: { name: 'admin' } } },
  });
  await place.delete();
  await place.gone();
  expect(await place.names('secrets')).toEqual([]);
  expect(await identity(place, 'admin')).toEqual(before);
});
