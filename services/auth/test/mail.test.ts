import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@genai-platform/common/testing';
import { createAuthDatabase } from './harness/auth-database.ts';
import type { AuthDatabase } from './harness/auth-database.ts';
import { MAIL_LOGIN, startMailReceiver } from './harness/mail-receiver.ts';
import type { MailReceiver } from './harness/mail-receiver.ts';
import { GOOD_PASSWORD, expectOk, startAuth } from './harness/start-auth.ts';
import type { TestAuth } from './harness/start-auth.ts';

let database: AuthDatabase;
let clock: FakeClock;
let receiver: MailReceiver;
const running: TestAuth[] = [];

beforeEach(async () => {
  database = await createAuthDatabase();
  clock = new FakeClock(Date.now());
  receiver = await startMailReceiver();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((auth) => auth.close()));
  await receiver.close();
  await database.close();
});

async function start(more: Readonly<Record<string, string>> = {}): Promise<TestAuth> {
  const folder = mkdtempSync(join(tmpdir(), 'smtp-'));
  for (const [name, text] of Object.entries(MAIL_LOGIN)) writeFileSync(join(folder, name), `${text}\n`);
  const environment = {
    AUTH_SMTP_HOST: 'localhost',
    AUTH_SMTP_PORT: String(receiver.port),
    AUTH_SMTP_FROM: 'no-reply@platform.example',
    AUTH_SMTP_CREDENTIALS_DIR: folder,
    AUTH_SMTP_CA_FILE: receiver.caFile,
    AUTH_PUBLIC_URL: 'https://ai.example.com',
    AUTH_EMAIL_VERIFICATION: 'Required',
    ...more,
  };
  const auth = await startAuth(database, { clock, environment });
  running.push(auth);
  return auth;
}

const register = async (auth: TestAuth, email: string): Promise<unknown> =>
  expectOk(await auth.ask('/v1/auth/register', { email, password: GOOD_PASSWORD }));

/** The postman's pauses are those of the clock; each turn lets real connections happen too. */
async function until(condition: () => boolean | Promise<boolean>, stepMs = 2_000): Promise<void> {
  while (!(await condition())) {
    await clock.advance(stepMs);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const waiting = async (): Promise<{ attempts: number }[]> =>
  (await database.admin('SELECT attempts FROM outbox')) as { attempts: number }[];

test('an address is verified by the link of a mail that came over TLS, from the login of the Secret', async () => {
  const auth = await start();
  await register(auth, 'ada@example.com');
  const login = { email: 'ada@example.com', password: GOOD_PASSWORD };
  expect((await auth.ask('/v1/auth/login', login)).status).toBe(403);
  await until(() => receiver.mails.length > 0);
  const [mail] = receiver.mails;
  expect(mail).toMatchObject({ to: ['ada@example.com'], secure: true, user: 'mailer' });
  expect(mail?.text).toContain('From: no-reply@platform.example');
  const link = /https:\/\/ai\.example\.com(\/api\/auth\/verify-email\?token=ev_[\w-]{43})/.exec(mail?.text ?? '')?.[1];
  await expectOk(await auth.fetch(link ?? 'no link', { as: null }));
  await auth.signIn('ada@example.com');
  await until(async () => (await waiting()).length === 0);
});

test('a mail that the server does not take waits, longer each time, and comes when it does', async () => {
  receiver.refuse({ code: 451, text: 'try again later' });
  const auth = await start();
  await register(auth, 'ben@example.com');
  await until(async () => (await waiting())[0]?.attempts === 3, 20_000);
  expect(receiver.mails).toEqual([]);
  receiver.refuse(undefined);
  await until(() => receiver.mails.length > 0, 20_000);
  expect(receiver.mails.map(({ to }) => to)).toEqual([['ben@example.com']]);
});

test('a server that is away loses nothing: the mail comes when it is back', async () => {
  await receiver.close();
  const auth = await start();
  await register(auth, 'eve@example.com');
  await until(async () => ((await waiting())[0]?.attempts ?? 0) >= 1, 20_000);
  receiver = await startMailReceiver({ port: receiver.port });
  await until(() => receiver.mails.length > 0, 60_000);
  expect(receiver.mails[0]?.to).toEqual(['eve@example.com']);
});

test('of two processes one brings a mail', async () => {
  const [one] = [await start(), await start()];
  for (const name of ['a', 'b', 'c', 'd', 'e']) await register(one, `${name}@example.com`);
  await until(async () => (await waiting()).length === 0);
  expect(receiver.mails.flatMap(({ to }) => to).sort()).toEqual(
    ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@example.com`),
  );
});

test.each([
  ['a server that offers no encryption', { startTls: false, more: () => ({}) }],
  [
    'a server whose certificate nobody vouches for',
    { startTls: true, more: () => ({ AUTH_SMTP_CA_FILE: noAuthority() }) },
  ],
])('neither mail nor password is given to %s', async (_what, { startTls, more }) => {
  await receiver.close();
  receiver = await startMailReceiver({ startTls });
  const auth = await start(more());
  await register(auth, 'kim@example.com');
  await until(async () => ((await waiting())[0]?.attempts ?? 0) >= 2, 20_000);
  expect(receiver.mails).toEqual([]);
});

/** Nobody is trusted. */
function noAuthority(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'no-ca-')), 'ca.crt');
  writeFileSync(file, '');
  return file;
}
