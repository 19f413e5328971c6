import { FakeClock } from '@genai-platform/common/testing';
import { totpCode } from '../../src/domain/one-time-password.ts';
import { createAuthDatabase } from '../harness/auth-database.ts';
import type { AuthDatabase } from '../harness/auth-database.ts';
import { ADMIN_PASSWORD, GOOD_PASSWORD, expectOk, newAddress, outcomes, startAuth } from '../harness/start-auth.ts';
import type { TestAuth } from '../harness/start-auth.ts';

let database: AuthDatabase;
let clock: FakeClock;
let auth: TestAuth;

beforeAll(async () => {
  database = await createAuthDatabase();
  clock = new FakeClock(Date.now());
  auth = await startAuth(database, { clock });
});

afterAll(async () => {
  await auth.close();
  await database.close();
});

let users = 0;
const newEmail = (): string => `person-${(users += 1)}@example.com`;
const admin = { subject: 'admin', tenant: 'default', scopes: ['*'] };
const post = (path: string, json: object, as: object): Promise<Response> => auth.fetch(path, { json, as });

describe('passwords (ASVS 4.0.3, V2.1)', () => {
  test.each([
    ['eleven characters', 'kV7-mQ2-xZ9', 422],
    ['common words', 'passwordpassword', 422],
    ['common words with digits and signs', 'P@ssw0rd2024!!!', 422],
    ['a sequence of the keyboard', 'qwertyuiopasdfgh', 422],
    ['a few characters again and again', 'abababababababab', 422],
    ['the own address', 'winterbottom1234', 422],
    ['spaces and any letters', 'žluťoučký kůň úpěl ☂', 201],
    ['128 characters', 'aZ3$fG7&kL'.repeat(12) + 'x8#Qw2!z', 201],
    ['129 characters', `${'aZ3$fG7&kL'.repeat(12)}x8#Qw2!z9`, 422],
    ['only lower-case letters, long', 'gondola whisper marble fennel', 201],
  ])('%s', async (_what, password, status) => {
    const reply = await auth.ask('/v1/auth/register', { email: `winterbottom-${newEmail()}`, password });
    expect([reply.status === 400 ? 422 : reply.status, password]).toEqual([status, password]);
  });

  test('are stored as argon2id with a salt each, and never leave', async () => {
    const [one, two] = [newEmail(), newEmail()];
    await auth.signUp(one);
    await auth.signUp(two);
    const rows = await database.admin('SELECT password_hash FROM users WHERE email = ANY($1)', [[one, two]]);
    const hashes = rows.map(({ password_hash }) => password_hash as string);
    expect(new Set(hashes).size).toBe(2);
    expect(hashes[0]).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const list = await (await auth.fetch('/v1/auth/users?limit=100', { as: admin })).text();
    expect(list).not.toContain('argon2id');
  });
});

describe('nobody learns which addresses have accounts (V2.2, V3.3)', () => {
  test.each(['/v1/auth/register', '/v1/auth/password/forgot', '/v1/auth/email/resend'])('%s', async (path) => {
    const known = newEmail();
    await auth.signUp(known);
    const body = (email: string): object =>
      path.endsWith('register') ? { email, password: GOOD_PASSWORD } : { email };
    const replies = await Promise.all([known, newEmail()].map((email) => auth.ask(path, body(email))));
    const [a, b] = await Promise.all(replies.map(async (reply) => [reply.status, await reply.text()] as const));
    expect([a?.[0], a?.[1].replace(known, '')]).toEqual([b?.[0], b?.[1].replace(/person-\d+@example.com/, '')]);
  });

  test('login', async () => {
    const known = newEmail();
    await auth.signUp(known);
    const attempt = (email: string): Promise<Response> =>
      auth.ask('/api/auth/login', { email, password: 'wrong password' });
    expect(await outcomes(await Promise.all([attempt(known), attempt(newEmail())]))).toEqual([
      '401 AUTH_CREDENTIALS_WRONG',
      '401 AUTH_CREDENTIALS_WRONG',
    ]);
  });

  test('the owner of an address learns that somebody tried it', async () => {
    const email = newEmail();
    await auth.signUp(email);
    await auth.ask('/v1/auth/register', { email, password: 'another-kettle-of-77-fish' });
    expect((await auth.mailTo(email, 'already-registered')).text).toContain('You have an account');
    await auth.signIn(email);
  });
});

describe('guessing (V2.2.1)', () => {
  test('one account is guarded from one address and from many', async () => {
    const email = newEmail();
    await auth.signUp(email);
    const guess = (address: string): Promise<Response> =>
      auth.ask('/v1/auth/login', { email, password: 'a wrong password' }, address);
    const one = newAddress();
    const fromOne = [];
    for (let i = 0; i < 6; i += 1) fromOne.push((await guess(one)).status);
    expect(fromOne).toEqual([401, 401, 401, 401, 401, 429]);
    const many = await Promise.all(Array.from({ length: 64 }, () => guess(newAddress())));
    expect(many.filter(({ status }) => status === 401)).toHaveLength(5);
    await clock.advance(61_000);
    await auth.signIn(email);
  });

  test('a right password costs nothing', async () => {
    const email = newEmail();
    await auth.signUp(email);
    for (let i = 0; i < 12; i += 1) expect((await auth.ask('/v1/auth/login', { email, password: GOOD_PASSWORD }, '2001:db8:ffff::1')).status).toBe(200); // prettier-ignore
  });
});

describe('tokens of mails (V2.5)', () => {
  test('of 32 that use a reset token at once exactly one chooses the password, and all sessions end', async () => {
    const email = newEmail();
    const session = await auth.signUp(email);
    await auth.ask('/v1/auth/password/forgot', { email });
    const { token } = await auth.mailTo(email, 'reset-password');
    const replies = await Promise.all(
      Array.from({ length: 32 }, (_, i) =>
        auth.ask('/v1/auth/password/reset', { token, password: `${GOOD_PASSWORD}-${i}` }),
      ),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const winner = replies.findIndex(({ status }) => status === 200);
    await auth.signIn(email, `${GOOD_PASSWORD}-${winner}`);
    expect((await auth.ask('/v1/auth/refresh', { refresh_token: session.refresh_token })).status).toBe(401);
  });

  test('of 64 that verify an address by one token exactly one does', async () => {
    const email = newEmail();
    await auth.signUp(email);
    const { token } = await auth.mailTo(email, 'verify-email');
    const replies = await Promise.all(
      Array.from({ length: 64 }, () => auth.fetch(`/api/auth/verify-email?token=${token}`, { as: null, headers: { 'x-forwarded-for': newAddress() } })), // prettier-ignore
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('are worth nothing when they are old, replaced, or for something else', async () => {
    const email = newEmail();
    await auth.signUp(email);
    const verify = (await auth.mailTo(email, 'verify-email')).token;
    const asReset = await auth.ask('/v1/auth/password/reset', { token: verify, password: `${GOOD_PASSWORD}!` });
    await auth.ask('/v1/auth/email/resend', { email });
    const replaced = await auth.ask('/v1/auth/email/verify', { token: verify });
    const fresh = (await auth.mailTo(email, 'verify-email')).token;
    await clock.advance(25 * 3_600_000);
    const old = await auth.ask('/v1/auth/email/verify', { token: fresh });
    expect([asReset.status, replaced.status, old.status]).toEqual([400, 400, 400]);
    const stored = JSON.stringify(await database.admin("SELECT encode(hash, 'escape') AS hash FROM one_time_tokens"));
    expect(stored).not.toContain(fresh);
  });
});

describe('a second factor (V2.8)', () => {
  test('is asked for, counts once, and can be replaced by a recovery code, once', async () => {
    const email = newEmail();
    const tokens = await auth.signUp(email);
    const as = auth.as(tokens);
    const { secret } = (await expectOk(await post('/v1/auth/mfa/totp/enroll', {}, as))) as { secret: string };
    const verify = await post('/v1/auth/mfa/totp/verify', { code: totpCode(secret, clock.now()) }, as);
    const { codes } = (await expectOk(verify)) as { codes: string[] };
    const login = (more: object): Promise<Response> =>
      auth.ask('/v1/auth/login', { email, password: GOOD_PASSWORD, ...more });
    await clock.advance(30_000);
    const totp_code = totpCode(secret, clock.now());
    expect(await outcomes([await login({})])).toEqual(['401 AUTH_MFA_REQUIRED']);
    const racing = await Promise.all(Array.from({ length: 3 }, () => login({ totp_code })));
    expect(racing.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    await clock.advance(600_000);
    const recovery_code = codes[0]?.toUpperCase();
    expect((await login({ recovery_code })).status).toBe(200);
    expect((await login({ recovery_code })).status).toBe(401);
    const sealed = await database.admin('SELECT totp_secret::text FROM users WHERE email = $1', [email]);
    expect(JSON.stringify(sealed)).not.toContain(secret);
  });
});

describe('sessions (V3)', () => {
  test('are listed, ended one by one, and all at once when the password changes', async () => {
    const email = newEmail();
    const [laptop, phone, lost] = [await auth.signUp(email), await auth.signIn(email), await auth.signIn(email)];
    const as = auth.as(laptop);
    const list = (await expectOk(await auth.fetch('/api/auth/sessions', { as }))) as {
      data: { id: string; current: boolean }[];
    };
    expect(list.data).toHaveLength(3);
    expect(list.data.filter(({ current }) => current).map(({ id }) => id)).toEqual([laptop.session_id]);
    await expectOk(await auth.fetch(`/api/auth/sessions/${lost.session_id}`, { method: 'DELETE', as }));
    const stranger = auth.as(await auth.signUp(newEmail()));
    expect(
      (await auth.fetch(`/api/auth/sessions/${phone.session_id}`, { method: 'DELETE', as: stranger })).status,
    ).toBe(404);
    const change = { current_password: GOOD_PASSWORD, password: 'another-kettle-of-77-fish' };
    await expectOk(await post('/v1/auth/password/change', change, as));
    const alive = await Promise.all([laptop, phone, lost].map(({ refresh_token }) => auth.ask('/api/auth/refresh', { refresh_token }))); // prettier-ignore
    expect(alive.map(({ status }) => status)).toEqual([200, 401, 401]);
  });

  test('an API key cannot change what opens the account', async () => {
    const { session, ...key } = auth.as(await auth.signUp(newEmail()));
    expect(session).toBeDefined();
    const change = { current_password: GOOD_PASSWORD, password: 'another-kettle-of-77-fish' };
    const replies = [
      await post('/v1/auth/password/change', change, key),
      await post('/v1/auth/mfa/totp/enroll', {}, key),
      await post('/v1/auth/logout-all', {}, key),
    ];
    expect(await outcomes(replies)).toEqual(Array(3).fill('403 AUTH_SESSION_NEEDED'));
  });
});

describe('access control (V4)', () => {
  test('members see no administration, administrators only their tenant', async () => {
    const member = auth.as(await auth.signUp(newEmail()));
    const boss = { subject: 'boss', tenant: 'globex', scopes: ['*'] };
    const email = newEmail();
    const made = await post('/v1/auth/users', { email, role: 'admin', tenant: 'globex' }, admin);
    const { id } = (await expectOk(made)) as { id: string };
    const statuses = await Promise.all([
      auth.fetch('/v1/auth/users', { as: member }),
      auth.fetch('/v1/auth/audit', { as: member }),
      auth.fetch('/v1/auth/outbox', { as: member }),
      auth.fetch('/v1/auth/users/admin', { as: boss }),
      auth.fetch('/v1/auth/users?tenant=default', { as: boss }),
      auth.fetch(`/v1/auth/users/${id}`, { as: boss }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([403, 403, 403, 404, 403, 200]);
  });

  test('a key has no more scopes than its maker, nor than its owner’s role', async () => {
    const member = auth.as(await auth.signUp(newEmail()));
    const wanted = { name: 'too much', scopes: ['search:admin'] };
    expect((await post('/v1/keys', wanted, member)).status).toBe(403);
    const service = (await expectOk(await post('/v1/auth/users', { role: 'service', name: 'robot' }, admin))) as {
      id: string;
    };
    expect(await outcomes([await post('/v1/keys', { ...wanted, user_id: service.id }, admin)])).toEqual(['403 AUTH_SCOPE_BEYOND_ROLE']); // prettier-ignore
    const key = (await expectOk(await post('/v1/keys', { name: 'fine', scopes: ['search:read'], user_id: service.id }, admin))) as { key: string }; // prettier-ignore
    const introspect = async (): Promise<unknown> =>
      expectOk(await post('/v1/auth/introspect', { token: key.key }, admin));
    expect(await introspect()).toMatchObject({ active: true, sub: service.id, scope: 'search:read' });
    await expectOk(
      await auth.fetch(`/v1/auth/users/${service.id}`, { method: 'PATCH', json: { disabled: true }, as: admin }),
    );
    expect(await introspect()).toEqual({ active: false });
  });
});

test('of 32 users with a beta token for one exactly one comes in', async () => {
  const made = await post('/v1/auth/beta-tokens', { cohort: 'first', max_uses: 1 }, admin);
  const { token } = (await expectOk(made)) as { token: string };
  const replies = await Promise.all(
    Array.from({ length: 32 }, () => auth.ask('/api/auth/register', { email: newEmail(), password: GOOD_PASSWORD, beta_token: token })), // prettier-ignore
  );
  expect(
    replies
      .map(({ status }) => status)
      .sort()
      .slice(0, 2),
  ).toEqual([201, 403]);
  expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(await expectOk(await auth.ask('/v1/auth/beta/validate', { token }))).toMatchObject({ valid: false });
});

test('the audit log has every privileged action, and even the service itself cannot change a line', async () => {
  await expectOk(await auth.ask('/v1/auth/login', { username: 'admin', password: ADMIN_PASSWORD }));
  const actions = await database.admin("SELECT DISTINCT action FROM audit_log WHERE actor = 'admin'");
  expect(actions.map(({ action }) => action as string)).toContain('user.signed-in');
  for (const sql of ["UPDATE audit_log SET actor = 'x'", 'DELETE FROM audit_log', 'TRUNCATE audit_log']) {
    await expect(database.asService(sql)).rejects.toThrow('append-only');
  }
  const personal = JSON.stringify(await database.admin('SELECT * FROM audit_log'));
  expect(personal).not.toMatch(/@example\.com/);
});
