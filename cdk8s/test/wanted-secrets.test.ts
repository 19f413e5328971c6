import { catalogue, keysOf, objectsOf, render, wantedSecrets } from '@genai-platform/cdk8s';
import { api, parsePlatform } from '@genai-platform/crds';
import { aPlatform, observedFor } from './builders/platform.ts';

const external = { host: 'data.example.com', credentialsSecretRef: { name: 'admin' } };
const usersOf = (server: 'postgres' | 'redis'): string[] => catalogue.filter(({ needs }) => needs.includes(server)).map(({ setting }) => setting); // prettier-ignore
const namesFor = (spec: Parameters<typeof aPlatform>[0]) => wantedSecrets(aPlatform(spec)).map(({ name }) => name);

test('a platform with everything in the cluster wants these, each after what it is made from', () => {
  const password = { kind: 'random', bytes: 24 };
  const fixed = (value: string) => ({ kind: 'fixed', value });
  const login = (server: 'database' | 'cache', workload: string) => ({ server, workload });
  const dnsNames = (service: string) => [service, `${service}.acme`, `${service}.acme.svc`, 'localhost'];
  expect(wantedSecrets(aPlatform())).toStrictEqual([
    { kind: 'values', name: 'acme-identity', values: { key: { kind: 'random', bytes: 32 } } },
    {
      kind: 'values',
      name: 'acme-bootstrap-admin',
      values: { 'api-key': { kind: 'random', bytes: 32, prefix: 'gp_' }, password, username: fixed('admin') },
    },
    { kind: 'values', name: 'acme-auth-keys', values: { key: { kind: 'random', bytes: 32 } } },
    { kind: 'authority', name: 'acme-ca', commonName: 'acme authority' },
    { kind: 'values', name: 'acme-postgres-admin', values: { username: fixed('postgres'), password } },
    {
      kind: 'certificate',
      name: 'acme-postgres-tls',
      issuer: 'acme-ca',
      commonName: 'acme-postgres',
      dnsNames: dnsNames('acme-postgres'),
    },
    {
      kind: 'values',
      name: 'acme-database-auth',
      values: { username: fixed('auth_g1'), password },
      login: login('database', 'auth'),
    },
    {
      kind: 'values',
      name: 'acme-database-format-conversion',
      values: { username: fixed('format_conversion_g1'), password },
      login: login('database', 'format-conversion'),
    },
    {
      kind: 'values',
      name: 'acme-database-search',
      values: { username: fixed('search_g1'), password },
      login: login('database', 'search'),
    },
    {
      kind: 'values',
      name: 'acme-database-llm-router',
      values: { username: fixed('llm_router_g1'), password },
      login: login('database', 'llm-router'),
    },
    {
      kind: 'values',
      name: 'acme-database-rag',
      values: { username: fixed('rag_g1'), password },
      login: login('database', 'rag'),
    },
    {
      kind: 'certificate',
      name: 'acme-cache-tls',
      issuer: 'acme-ca',
      commonName: 'acme-cache',
      dnsNames: dnsNames('acme-cache'),
    },
    {
      kind: 'values',
      name: 'acme-cache-gateway',
      values: { username: fixed('gateway'), password },
      login: login('cache', 'gateway'),
    },
    {
      kind: 'values',
      name: 'acme-cache-llm-router',
      values: { username: fixed('llm-router'), password },
      login: login('cache', 'llm-router'),
    },
  ]);
});

test('an external database has an administrator of its own, and the services have their logins', () => {
  expect(namesFor({ database: { external } })).not.toContain('acme-postgres-admin');
  expect(namesFor({ database: { external } })).not.toContain('acme-postgres-tls');
  expect(namesFor({ database: { external } })).toContain('acme-database-search');
});

test('an external cache has its own users', () => {
  expect(namesFor({ cache: { external } }).filter((name) => name.startsWith('acme-cache'))).toEqual([]);
});

test('a disabled service wants nothing', () => {
  expect(namesFor({ services: { search: { enabled: false } } })).not.toContain('acme-database-search');
  expect(namesFor({ auth: { enabled: false } }).filter((name) => name.includes('auth'))).toEqual([]);
});

test('each becomes a Secret with its keys, that is kept with the data', () => {
  const platform = aPlatform();
  const objects = objectsOf(render(platform, observedFor(platform)));
  for (const wanted of wantedSecrets(platform)) {
    const secret = objects.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === wanted.name);
    expect(Object.keys(secret?.['data'] as object).sort()).toEqual([...keysOf(wanted)].sort());
    expect(secret?.metadata.labels).toMatchObject({ 'genaiplatform.io/data': 'true' });
  }
});

describe('values that the user gives', () => {
  /** Every field of `spec.secrets` that names a Secret, by the definition itself. */
  const givenEverywhere = {
    identity: { secretRef: { name: 'keys', key: 'identity' } },
    authKeys: { secretRef: { name: 'keys' } },
    bootstrapAdmin: { secretRef: { name: 'admin', passwordKey: 'word' } },
    databaseAdmin: { secretRef: { name: 'logins', key: 'admin' } },
    databaseLogins: Object.fromEntries(usersOf('postgres').map((name) => [name, { secretRef: { name: 'logins', key: name } }])), // prettier-ignore
    cacheLogins: Object.fromEntries(usersOf('redis').map((name) => [name, { secretRef: { name: 'logins', key: name } }])), // prettier-ignore
  };
  const platform = aPlatform({ secrets: givenEverywhere });
  const givenOf = (name: string): object | undefined => {
    const wanted = wantedSecrets(platform).find((secret) => secret.name === name);
    return wanted?.kind === 'values' ? wanted.given : undefined;
  };

  test('can be given for every generated one, by the workloads that the catalogue has', () => {
    const parse = (): unknown => parsePlatform({ apiVersion: api.apiVersion, kind: api.kind, ...platform });
    expect(parse).not.toThrow();
    const generated = wantedSecrets(platform).filter((wanted) => wanted.kind === 'values' && !wanted.given);
    expect(generated).toEqual([]);
  });

  test('are taken from the keys that are named', () => {
    const secretOf = 'spec.secrets';
    expect(givenOf('acme-auth-keys')).toEqual({
      ...{ secret: 'keys', keys: { key: 'key' }, field: `${secretOf}.authKeys.secretRef`, change: 'overlapping' },
    });
    expect(givenOf('acme-bootstrap-admin')).toEqual({
      secret: 'admin',
      keys: { 'api-key': 'api-key', password: 'word' },
      field: `${secretOf}.bootstrapAdmin.secretRef`,
      change: 'taken',
    });
    expect(givenOf('acme-cache-llm-router')).toEqual({
      secret: 'logins',
      keys: { password: 'llmRouter' },
      field: `${secretOf}.cacheLogins.llmRouter.secretRef`,
      change: 'rotated',
    });
  });

  test('change nothing of what is rendered: only the operator reads them', () => {
    const observed = observedFor(aPlatform());
    expect(render(platform, observed)).toStrictEqual(render(aPlatform(), observed));
  });
});
