import { decodeProtectedHeader } from 'jose';
import { FakeClock } from '@genai-platform/common/testing';
import { createAuthDatabase } from '../harness/auth-database.ts';
import type { AuthDatabase } from '../harness/auth-database.ts';
import { ADMIN_PASSWORD, expectOk, newKeyFile, startAuth } from '../harness/start-auth.ts';
import type { TestAuth, Tokens } from '../harness/start-auth.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

let database: AuthDatabase;
let clock: FakeClock;
let keyFile: string;
const running: TestAuth[] = [];

const start = async (options: { keyFile?: string } = {}): Promise<TestAuth> => {
  const auth = await startAuth(database, { clock, keyFile, ...options });
  running.push(auth);
  return auth;
};

beforeEach(async () => {
  database = await createAuthDatabase();
  clock = new FakeClock(Date.now());
  keyFile = newKeyFile();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((auth) => auth.close()));
  await database.close();
});

const service = { subject: 'gateway', tenant: 'platform', scopes: ['auth:introspect'] };
const admin = { subject: 'admin', tenant: 'default', scopes: ['*'] };

const signIn = async (auth: TestAuth): Promise<Tokens> =>
  (await expectOk(await auth.ask('/v1/auth/login', { username: 'admin', password: ADMIN_PASSWORD }))) as Tokens;
const kidOf = ({ access_token }: Tokens): string => decodeProtectedHeader(access_token).kid ?? '';
const published = async (auth: TestAuth): Promise<string[]> => {
  const { keys } = (await expectOk(await auth.fetch('/.well-known/jwks.json', { as: null }))) as {
    keys: (Record<string, string> & { kid: string })[];
  };
  // Nothing of a private key, ever.
  expect(keys.map((key) => Object.keys(key).sort())).toEqual(keys.map(() => ['alg', 'crv', 'kid', 'kty', 'use', 'x']));
  return keys.map(({ kid }) => kid);
};
const isActive = async (auth: TestAuth, { access_token }: Tokens): Promise<boolean> => {
  const reply = await auth.fetch('/v1/auth/introspect', { json: { token: access_token }, as: service });
  return ((await expectOk(reply)) as { active: boolean }).active;
};

test('two processes that begin at once sign with one key, and each accepts what the other has signed', async () => {
  const [one, two] = await Promise.all([start(), start()]);
  const [a, b] = await Promise.all([signIn(one), signIn(two)]);
  expect(kidOf(a)).toBe(kidOf(b));
  expect([await isActive(two, a), await isActive(one, b)]).toEqual([true, true]);
  expect(await published(one)).toEqual([kidOf(a)]);
});

test('the next key is published before it signs, and the last one accepted until its last token has ended', async () => {
  const auth = await start();
  const old = await signIn(auth);
  await clock.advance(30 * DAY_MS - 9 * MINUTE_MS);
  const both = await published(auth);
  expect(both).toHaveLength(2);
  const late = await signIn(auth);
  expect([kidOf(late), both.includes(kidOf(late))]).toEqual([kidOf(old), true]);
  await clock.advance(10 * MINUTE_MS);
  const fresh = await signIn(auth);
  expect([kidOf(fresh) === kidOf(old), both.includes(kidOf(fresh))]).toEqual([false, true]);
  expect(await isActive(auth, late)).toBe(true);
  await clock.advance(12 * MINUTE_MS);
  expect(await published(auth)).toEqual([kidOf(fresh)]);
});

test('keys that are replaced in an emergency are worth nothing any more, at no process', async () => {
  const [one, two] = [await start(), await start()];
  const stolen = await signIn(one);
  expect(await isActive(two, stolen)).toBe(true);
  const { kid } = (await expectOk(
    await one.fetch('/v1/auth/signing-keys/replace', { method: 'POST', json: {}, as: admin }),
  )) as { kid: string };
  await clock.advance(16_000);
  expect([await isActive(one, stolen), await isActive(two, stolen)]).toEqual([false, false]);
  expect([await published(one), await published(two)]).toEqual([[kid], [kid]]);
  expect(await isActive(two, await signIn(one))).toBe(true);
  const [line] = await database.admin("SELECT actor, target FROM audit_log WHERE action = 'signing-key.rotated'");
  expect(line).toEqual({ actor: 'admin', target: kid });
});

test('only administrators of the whole platform replace keys', async () => {
  const auth = await start();
  const other = { subject: 'boss', tenant: 'globex', scopes: ['*'] };
  const reply = await auth.fetch('/v1/auth/signing-keys/replace', { method: 'POST', json: {}, as: other });
  expect(reply.status).toBe(403);
});

test('private keys lie encrypted, and a new encryption key begins anew instead of failing', async () => {
  const before = await start();
  const old = await signIn(before);
  const [row] = await database.admin('SELECT private_key FROM signing_keys');
  expect((row?.['private_key'] as Buffer).toString('latin1')).not.toContain('PRIVATE KEY');
  const after = await start({ keyFile: newKeyFile() });
  const next = await signIn(after);
  expect(kidOf(next)).not.toBe(kidOf(old));
  expect([await isActive(after, next), await isActive(after, old)]).toEqual([true, false]);
});
