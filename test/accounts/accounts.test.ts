import { ADMIN_PASSWORD, PASSWORD, startAccountsPlatform } from './platform.ts';
import type { AccountsPlatform } from './platform.ts';

let platform: AccountsPlatform;

beforeAll(async () => {
  platform = await startAccountsPlatform();
});

afterAll(() => platform.close());

const admin = async (): Promise<string> =>
  (await platform.signIn({ username: 'admin', password: ADMIN_PASSWORD })).access_token;

const statusOf = async (token: string, path = '/v1/echo'): Promise<number> =>
  (await platform.ask(path, { token })).status;

/** What was revoked is refused within seconds; the test waits for that, however slow the machine is. */
async function untilRefused(token: string): Promise<void> {
  while ((await statusOf(token)) === 200) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await statusOf(token)).toBe(401);
}

let users = 0;
async function newUser(): Promise<{ email: string; tokens: Awaited<ReturnType<AccountsPlatform['signIn']>> }> {
  const email = `user-${String((users += 1))}@example.com`;
  const registered = await platform.ask('/api/auth/register', { json: { email, password: PASSWORD } });
  expect(registered.status).toBe(201);
  return { email, tokens: await platform.signIn({ email, password: PASSWORD }) };
}

test('the bootstrap administrator signs in, and calls services with the token', async () => {
  const response = await platform.ask('/v1/echo', { token: await admin() });
  expect(await response.json()).toMatchObject({ subject: 'admin', tenant: 'default', scopes: ['*'] });
});

test('the bootstrap API key works beside accounts', async () => {
  expect(await (await platform.ask('/v1/echo', { token: platform.apiKey })).json()).toMatchObject({ subject: 'admin' });
});

test('a user registers, signs in, is vouched for with the scopes of a member, and signs out', async () => {
  const { tokens } = await newUser();
  const me = (await (await platform.ask('/api/auth/me', { token: tokens.access_token })).json()) as { id: string };
  const echoed = await (await platform.ask('/v1/echo', { token: tokens.access_token })).json();
  expect(echoed).toMatchObject({ subject: me.id, tenant: 'default', scopes: ['echo:read', 'keys:read', 'keys:write'] });
  expect((await platform.ask('/v1/auth/users', { token: tokens.access_token })).status).toBe(403);
  const out = await platform.ask('/api/auth/logout', { token: tokens.access_token, json: {} });
  expect(out.status).toBe(200);
  await untilRefused(tokens.access_token);
});

test('an old token in the header does not keep anybody from signing in again', async () => {
  const login = { username: 'admin', password: ADMIN_PASSWORD };
  const response = await platform.ask('/api/auth/login', { token: 'eyJhbGciOiJFZERTQSJ9.e30.AAAA', json: login });
  expect(response.status).toBe(200);
});

test('an API key is made, allows what it says, and is refused soon after it was revoked', async () => {
  const { tokens } = await newUser();
  const json = { name: 'ci', scopes: ['echo:read'] };
  const made = await platform.ask('/v1/keys', { token: tokens.access_token, json });
  const { id, key } = (await made.json()) as { id: string; key: string };
  expect(await (await platform.ask('/v1/echo', { token: key })).json()).toMatchObject({
    scopes: ['echo:read'],
    apiKey: id,
  });
  expect((await platform.ask(`/v1/keys/${id}`, { token: tokens.access_token, method: 'DELETE' })).status).toBe(200);
  await untilRefused(key);
});

test('what is inside the platform cannot be asked from outside', async () => {
  const token = await admin();
  for (const path of ['/internal/usage', '/internal/erasure', '/v1/auth/../../internal/revocations']) {
    expect([path, await statusOf(token, path)]).toEqual([path, 404]);
  }
});

test('while auth is away known tokens and keys go on, unknown ones are a 503, and nonsense is a 401', async () => {
  const token = await admin();
  const { key } = (await (await platform.ask('/v1/keys', { token, json: { name: 'known' } })).json()) as {
    key: string;
  };
  expect([await statusOf(token), await statusOf(key)]).toEqual([200, 200]);
  await platform.stopAuth();
  try {
    expect([await statusOf(token), await statusOf(key)]).toEqual([200, 200]);
    expect(await statusOf('gp_not-known-to-anybody')).toBe(503);
    expect(await statusOf('no.token.atall')).toBe(401);
    expect((await platform.ask('/api/auth/login', { json: {} })).status).toBe(503);
  } finally {
    await platform.startAuth();
  }
});

test('requests of the users of a beta token are limited by the token, and counted', async () => {
  const token = await admin();
  const json = { cohort: 'friends', requests_per_second: 0.01, burst: 3 };
  const made = await platform.ask('/v1/auth/beta-tokens', { token, json });
  const beta = (await made.json()) as { id: string; token: string };
  const email = 'beta@example.com';
  await platform.ask('/api/auth/register', { json: { email, password: PASSWORD, beta_token: beta.token } });
  const user = await platform.signIn({ email, password: PASSWORD });
  const replies = await Promise.all(
    Array.from({ length: 5 }, () => platform.ask('/v1/echo', { token: user.access_token })),
  );
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429]);
  expect(replies[0]?.headers.get('ratelimit-policy')).toBe('"beta";q=3;w=300');
  const usage = async (): Promise<unknown> =>
    (await platform.ask(`/v1/auth/beta-tokens/${beta.id}/usage`, { token })).json();
  for (;;) {
    const seen = (await usage()) as { requests: number };
    if (seen.requests >= 5) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(await usage()).toMatchObject({ requests: 5, users: 1 });
});
