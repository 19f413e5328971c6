import { X509Certificate } from 'node:crypto';
import type { WantedSecret } from '@genai-platform/cdk8s';
import { keysOf, wantedSecrets } from '@genai-platform/cdk8s';
import type { SecretValues } from '../../../src/platform/secrets/secret-data.ts';
import { completeSecret } from '../../../src/platform/secrets/complete-secret.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const start = new Date('2026-01-01T00:00:00Z');
const after = (days: number): Date => new Date(start.getTime() + days * DAY_MS);

const login: WantedSecret = {
  kind: 'values',
  name: 'acme-database-search',
  values: { username: { kind: 'fixed', value: 'search_g1' }, password: { kind: 'random', bytes: 24 } },
};
const authority: WantedSecret = { kind: 'authority', name: 'acme-ca', commonName: 'acme' };
const server: WantedSecret = {
  kind: 'certificate',
  name: 'acme-postgres-tls',
  issuer: 'acme-ca',
  commonName: 'acme-postgres',
  dnsNames: ['acme-postgres.acme.svc'],
};

/** The authority and the server's certificate as they are on that day, when they were like this before. */
async function renewed(before: Record<string, SecretValues>, now: Date): Promise<Record<string, SecretValues>> {
  const ca = await completeSecret(authority, { secrets: before, now });
  const secrets = { ...before, 'acme-ca': ca };
  return { ...secrets, 'acme-postgres-tls': await completeSecret(server, { secrets, now }) };
}

const certificate = (values: SecretValues | undefined, key: string): X509Certificate => new X509Certificate(values?.[key] ?? ''); // prettier-ignore
const bundle = (secrets: Record<string, SecretValues>): string[] => (secrets['acme-ca']?.['ca.crt'] ?? '').match(/BEGIN CERTIFICATE/g) ?? []; // prettier-ignore

test('a missing password is made, an existing one stays', async () => {
  const made = await completeSecret(login, { secrets: {}, now: start });
  expect(made).toEqual({ username: 'search_g1', password: expect.stringMatching(/^[A-Za-z0-9_-]{32}$/) });
  const secrets = { 'acme-database-search': made };
  expect(await completeSecret(login, { secrets, now: after(3000) })).toEqual(made);
});

test('two passwords are never the same', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => completeSecret(login, { secrets: {}, now: start })));
  expect(one?.['password']).not.toBe(other?.['password']);
});

test('a key that was emptied is made again, the others stay', async () => {
  const secrets = { 'acme-database-search': { username: 'search_g1', password: '' } };
  expect((await completeSecret(login, { secrets, now: start }))['password']).toHaveLength(32);
});

test('certificates stay as they are until their end is near', async () => {
  const first = await renewed({}, start);
  expect(await renewed(first, after(200))).toEqual(first);
  const later = await renewed(first, after(300));
  expect(later['acme-ca']).toEqual(first['acme-ca']);
  expect(later['acme-postgres-tls']).not.toEqual(first['acme-postgres-tls']);
  expect(certificate(later['acme-postgres-tls'], 'tls.crt').validToDate > after(600)).toBe(true);
});

test('a replaced authority stays trusted, and its servers keep their certificates until those are due', async () => {
  const first = await renewed({}, start);
  const recent = await renewed(first, after(2900)); // a fresh server certificate, by the first authority
  const replaced = await renewed(recent, after(2930));
  expect(bundle(replaced)).toHaveLength(2);
  expect(certificate(replaced['acme-ca'], 'ca.crt').validToDate > after(6000)).toBe(true);
  expect(replaced['acme-postgres-tls']?.['tls.crt']).toBe(recent['acme-postgres-tls']?.['tls.crt']);
  expect(replaced['acme-postgres-tls']?.['ca.crt']).toBe(replaced['acme-ca']?.['ca.crt']);

  const due = await renewed(replaced, after(3200)); // now by the new authority
  const issuer = certificate(due['acme-ca'], 'ca.crt');
  expect(certificate(due['acme-postgres-tls'], 'tls.crt').verify(issuer.publicKey)).toBe(true);
  expect(bundle(await renewed(due, after(4000)))).toHaveLength(2);
  // Dropped only with the next replacement, when the first has long ended.
  expect(bundle(await renewed(due, after(6200)))).toHaveLength(2);
});

test('a server that gets another name gets another certificate', async () => {
  const first = await renewed({}, start);
  const more: WantedSecret = { ...server, dnsNames: [...server.dnsNames, 'acme-postgres'] };
  const values = await completeSecret(more, { secrets: first, now: start });
  expect(certificate(values, 'tls.crt').subjectAltName).toBe('DNS:acme-postgres.acme.svc, DNS:acme-postgres');
});

test('an authority that lost its key is replaced, and so is all that it signed', async () => {
  const first = await renewed({}, start);
  const { 'ca.key': _, ...rest } = first['acme-ca'] ?? {};
  const second = await renewed({ ...first, 'acme-ca': rest }, start);
  expect(bundle(second)).toHaveLength(2);
  expect(second['acme-ca']?.['ca.key']).toContain('PRIVATE KEY');
});

test('every Secret that a platform wants gets exactly the keys that rendering asks for', async () => {
  const platform = { metadata: { name: 'acme', namespace: 'acme' }, spec: { profile: 'dev' as const } };
  const secrets: Record<string, SecretValues> = {};
  for (const wanted of wantedSecrets(platform)) {
    const values = await completeSecret(wanted, { secrets, now: start });
    secrets[wanted.name] = values;
    expect(Object.keys(values).sort()).toEqual([...keysOf(wanted)].sort());
    expect(Object.values(values).every((value) => value.length > 0)).toBe(true);
  }
});
