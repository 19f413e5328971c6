import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { Platform } from '../../src/platform/kinds.ts';
import { installForeignKinds } from './harness/foreign-kinds.ts';
import type { Live, Place } from './harness/place.ts';
import { eventually, has, isReady } from './harness/place.ts';
import { World } from './harness/world.ts';

jest.setTimeout(240_000);

const entry = (secretKey: string) => ({ secretKey, remoteRef: { key: `acme/${secretKey}` } });
const stored: GenAIPlatformSpec = {
  profile: 'dev',
  deletionPolicy: 'Delete',
  llm: { providers: [{ name: 'openai', kind: 'OpenAI', credentialsSecretRef: { name: 'openai' } }] },
  secrets: {
    databaseLogins: { search: { secretRef: { name: 'stored', key: 'search' } } },
    externalSecrets: [
      { name: 'stored', secretStoreRef: { name: 'vault' }, data: [entry('search')] },
      { name: 'openai', secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' }, data: [entry('api-key')] },
    ],
  },
};
let world: World;

beforeAll(async () => {
  world = await World.start();
  await installForeignKinds(world.plane);
  await world.startOperator();
});

afterAll(() => world.stop());

const message = ({ status }: Platform, type: string): string | undefined => status?.conditions?.find((one) => one.type === type)?.message; // prettier-ignore

/** Says of an ExternalSecret what external-secrets would. */
function report({ namespace }: Place, name: string, ready: 'True' | 'False', words: string): Promise<unknown> {
  const reason = ready === 'True' ? 'SecretSynced' : 'SecretSyncedError';
  const conditions = [{ type: 'Ready', status: ready, reason, message: words }];
  const path = `/apis/external-secrets.io/v1/namespaces/${namespace}/externalsecrets/${name}/status`;
  const text = JSON.stringify({ status: { conditions } });
  return world.plane.request('PATCH', path, { contentType: 'application/merge-patch+json', text });
}

/** Brings a Secret as external-secrets would. */
async function bring(place: Place, name: string, values: Readonly<Record<string, string>>): Promise<void> {
  const { uid } = (await place.get('externalsecrets', name)).metadata;
  const owner = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', name, uid, controller: true };
  await place.create('secrets', { metadata: { name, ownerReferences: [owner] }, stringData: values });
  await report(place, name, 'True', 'secret synced');
}

test('without external-secrets it is said that it is missing, and a platform can be deleted all the same', async () => {
  const without = await World.start();
  try {
    await without.startOperator();
    const place = await without.place();
    await place.apply(stored);
    const told = await place.until(has('SecretsReady', 'False', 'ExternalSecretsNotInstalled'));
    expect(message(told, 'SecretsReady')).toContain('spec.secrets.externalSecrets needs external-secrets');
    expect(has('Degraded', 'True', 'ExternalSecretsNotInstalled')(told)).toBe(true);
    await place.delete();
    await place.gone();
    expect(await place.names('secrets')).toEqual([]);
    // Installed later, it is found without anybody's help.
    await place.apply(stored);
    await place.until(has('SecretsReady', 'False', 'ExternalSecretsNotInstalled'));
    await installForeignKinds(without.plane);
    await place.until(has('SecretsReady', 'False', 'ExternalSecretPending'), 90_000);
  } finally {
    await without.stop();
  }
});

test('what comes from a store is asked for, waited for and used; a store that fails is told in its own words', async () => {
  const place = await world.place();
  await place.apply(stored);
  const pending = await place.until(has('SecretsReady', 'False', 'ExternalSecretPending'));
  expect(message(pending, 'SecretsReady')).toBe(
    `Secret ${place.namespace}/openai (spec.llm.providers[openai].credentialsSecretRef) does not exist: external-secrets has not brought it yet`,
  );
  const { metadata, spec } = await place.get<{ spec: object }>('externalsecrets', 'stored');
  expect(metadata.ownerReferences).toMatchObject([{ kind: 'GenAIPlatform', uid: pending.metadata.uid }]);
  expect(spec).toMatchObject({
    secretStoreRef: { name: 'vault', kind: 'SecretStore' },
    target: { name: 'stored', creationPolicy: 'Owner', deletionPolicy: 'Retain' },
    data: [entry('search')],
  });
  const words = 'could not get secret data from provider: permission denied';
  await report(place, 'openai', 'False', words);
  const failed = await place.until(has('SecretsReady', 'False', 'SecretSyncedError'));
  expect(message(failed, 'SecretsReady')).toBe(`ExternalSecret ${place.namespace}/openai: ${words}`);
  expect(await place.names('deployments')).toEqual([]);

  await bring(place, 'openai', { other: 'x' });
  const incomplete = await place.until(has('SecretsReady', 'False', 'SecretIncomplete'));
  expect(message(incomplete, 'SecretsReady')).toContain(
    'has no key "api-key": ExternalSecret openai does not bring it',
  );
  await place.patch('secrets', 'openai', { stringData: { 'api-key': 'one' } });
  await bring(place, 'stored', { search: 'from the store' });
  await place.until(isReady, 180_000);
  expect((await place.secret('acme-database-search'))['password']).toBe('from the store');

  // The store fails later: what was brought goes on serving.
  const before = await place.servingPods();
  await report(place, 'openai', 'False', words);
  const degraded = await place.until(has('Degraded', 'True', 'SecretSyncedError'));
  expect(isReady(degraded)).toBe(true);
  expect(message(degraded, 'Degraded')).toContain(words);
  expect(await place.servingPods()).toEqual(before);

  await report(place, 'openai', 'True', 'secret synced');
  await place.until(has('Degraded', 'False'));
  const checksum = (): Promise<string | undefined> => checksumOf(place, 'acme-llm-router');
  const then = await checksum();
  await place.patch('secrets', 'openai', { stringData: { 'api-key': 'two' } });
  await eventually(async () => expect(await checksum()).not.toBe(then));
  await place.until(isReady);
  await endsWithoutLeftovers(place);
});

interface Template {
  readonly spec: { readonly template: { readonly metadata: { readonly annotations: Record<string, string> } } };
}

async function checksumOf(place: Place, deployment: string): Promise<string | undefined> {
  const { spec } = await place.get<Live & Template>('deployments', deployment);
  return spec.template.metadata.annotations['genaiplatform.io/checksum'];
}

/** What is asked for no longer goes, and the rest goes with the platform. */
async function endsWithoutLeftovers(place: Place): Promise<void> {
  const { llm: _, secrets, ...rest } = stored;
  const externalSecrets = secrets?.externalSecrets?.filter(({ name }) => name === 'stored') ?? [];
  await place.apply({ ...rest, secrets: { ...secrets, externalSecrets } });
  await eventually(async () => expect(await place.lacks('externalsecrets', 'openai')).toBe(true), 90_000);
  await place.until(isReady);
  expect(await place.lacks('externalsecrets', 'stored')).toBe(false);
  await place.delete();
  await place.gone();
  await eventually(async () => expect(await place.list('externalsecrets')).toEqual([]));
  await eventually(async () => expect(await place.lacks('secrets', 'stored')).toBe(true));
}

test('a Secret of somebody’s that has the name is not filled', async () => {
  const place = await world.place();
  await place.create('secrets', { metadata: { name: 'openai' }, stringData: { 'api-key': 'mine' } });
  const { resourceVersion } = (await place.get('secrets', 'openai')).metadata;
  await place.apply(stored);
  const conflict = await place.until(has('SecretsReady', 'False', 'NameConflict'));
  expect(message(conflict, 'SecretsReady')).toBe(
    `Secret ${place.namespace}/openai exists and was not brought by external-secrets: give the entry of spec.secrets.externalSecrets another name`,
  );
  expect(await place.list('externalsecrets')).toEqual([]);
  expect((await place.get('secrets', 'openai')).metadata.resourceVersion).toBe(resourceVersion);
});
