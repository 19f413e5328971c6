import { FakeClock } from '@genai-platform/common/testing';
import { createAuthDatabase } from '../harness/auth-database.ts';
import type { AuthDatabase } from '../harness/auth-database.ts';
import { expectOk, newKeyFile, outcomes, startAuth } from '../harness/start-auth.ts';
import type { TestAuth, Tokens } from '../harness/start-auth.ts';

let database: AuthDatabase;
let clock: FakeClock;
let first: TestAuth;
let second: TestAuth;

beforeAll(async () => {
  database = await createAuthDatabase();
  clock = new FakeClock(Date.now());
  const keyFile = newKeyFile();
  [first, second] = [await startAuth(database, { clock, keyFile }), await startAuth(database, { clock, keyFile })];
});

afterAll(async () => {
  await first.close();
  await second.close();
  await database.close();
});

let users = 0;
const signUp = (): Promise<Tokens> => first.signUp(`refresher-${(users += 1)}@example.com`);
const refresh = (auth: TestAuth, refresh_token: string): Promise<Response> =>
  auth.ask('/v1/auth/refresh', { refresh_token });
const refreshed = async (auth: TestAuth, token: string): Promise<Tokens> =>
  (await expectOk(await refresh(auth, token))) as Tokens;
const sessionOf = async ({ session_id }: Tokens) =>
  (await database.admin('SELECT generation, revoke_reason FROM sessions WHERE id = $1', [session_id]))[0];

test.each([32, 64])(
  '%i parallel refreshes of one token, at two processes, rotate it once and all get the same successor',
  async (clients) => {
    const tokens = await signUp();
    const replies = await Promise.all(
      Array.from({ length: clients }, (_, i) => refreshed(i % 2 === 0 ? first : second, tokens.refresh_token)),
    );
    expect(new Set(replies.map(({ refresh_token }) => refresh_token)).size).toBe(1);
    expect(await sessionOf(tokens)).toEqual({ generation: 2, revoke_reason: null });
    await refreshed(second, (replies[0] as Tokens).refresh_token);
  },
);

test('a client that lost the answer asks again within the grace, and goes on', async () => {
  const tokens = await signUp();
  const lost = await refreshed(first, tokens.refresh_token);
  await clock.advance(19_000);
  const again = await refreshed(first, tokens.refresh_token);
  expect(again.refresh_token).toBe(lost.refresh_token);
  expect(again.access_token).not.toBe(lost.access_token);
});

test('a tab that is two rotations behind within the grace is given the newest token', async () => {
  const tokens = await signUp();
  const next = await refreshed(first, tokens.refresh_token);
  const newest = await refreshed(first, next.refresh_token);
  expect((await refreshed(second, tokens.refresh_token)).refresh_token).toBe(newest.refresh_token);
});

test('a token that is replayed after the grace ends the session, for the thief and for the owner', async () => {
  const tokens = await signUp();
  const owner = await refreshed(first, tokens.refresh_token);
  await clock.advance(21_000);
  expect(
    await outcomes([await refresh(first, tokens.refresh_token), await refresh(first, owner.refresh_token)]),
  ).toEqual(['401 AUTH_SESSION_ENDED', '401 AUTH_SESSION_ENDED']);
  expect(await sessionOf(tokens)).toMatchObject({ revoke_reason: 'replay' });
  const lines = await database.admin(
    "SELECT outcome FROM audit_log WHERE action = 'session.replayed' AND target = $1",
    [tokens.session_id],
  );
  expect(lines).toEqual([{ outcome: 'refused' }]);
});

test('a logout in the middle of 32 refreshes leaves no token that lives', async () => {
  for (let round = 0; round < 5; round += 1) {
    const tokens = await signUp();
    const { refresh_token } = tokens;
    const racing = Array.from({ length: 32 }, (_, i) => refresh(i % 2 === 0 ? first : second, refresh_token));
    void racing.splice(round * 6, 0, first.ask('/v1/auth/logout', { refresh_token }));
    const replies = await Promise.all(racing);
    const survivors = await Promise.all(replies.map(async (reply) => (await reply.json()) as Partial<Tokens>));
    const issued = survivors.flatMap((reply) => reply.refresh_token ?? []);
    const after = await Promise.all([...new Set(issued), refresh_token].map((token) => refresh(second, token)));
    expect(new Set(after.map(({ status }) => status))).toEqual(new Set([401]));
    expect(await sessionOf(tokens)).toMatchObject({ revoke_reason: 'logout' });
  }
});

test('a session that nobody uses ends, and one that is used goes on until its own end', async () => {
  const [idle, used] = [await signUp(), await signUp()];
  let token = used.refresh_token;
  for (let week = 0; week < 12; week += 1) {
    await clock.advance(7 * 86_400_000);
    token = (await refreshed(first, token)).refresh_token;
  }
  expect((await refresh(first, idle.refresh_token)).status).toBe(401);
  await clock.advance(7 * 86_400_000);
  expect((await refresh(first, token)).status).toBe(401);
});

test.each([
  ['an empty one', () => ''],
  ['any text', () => 'rt_abc'],
  ['one of another generation', (token: string) => token.replace(/\.1\./, '.2.')],
  ['one of another session', (token: string) => token.replace(/rt_session_./, 'rt_session_z')],
  ['one with a changed signature', (token: string) => `${token.slice(0, -2)}AA`],
  ['an access token', (_token: string, access: string) => access.slice(0, 256)],
])('%s is no refresh token', async (_what, forge) => {
  const { refresh_token, access_token } = await signUp();
  const reply = await refresh(first, forge(refresh_token, access_token));
  expect([400, 401]).toContain(reply.status);
  await refreshed(first, refresh_token);
});

test('who tries one invalid token after another is slowed down', async () => {
  const statuses: number[] = [];
  for (let i = 0; i < 62; i += 1) {
    statuses.push((await first.ask('/v1/auth/refresh', { refresh_token: `rt_x${i}` }, '192.0.2.77')).status);
  }
  expect(statuses.slice(0, 60)).toEqual(Array(60).fill(401));
  expect(statuses.slice(60)).toEqual([429, 429]);
});
