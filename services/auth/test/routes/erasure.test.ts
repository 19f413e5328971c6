import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyIdentityToken } from '@genai-platform/common';
import { createAuthDatabase } from '../harness/auth-database.ts';
import type { AuthDatabase } from '../harness/auth-database.ts';
import { GOOD_PASSWORD, expectOk, startAuth } from '../harness/start-auth.ts';
import type { TestAuth } from '../harness/start-auth.ts';

let database: AuthDatabase;
let auth: TestAuth;
let service: Server;
let broken = false;
const asked: { tenant: string; subject: string }[] = [];

beforeAll(async () => {
  database = await createAuthDatabase();
  service = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const token = req.headers.authorization?.slice('Bearer '.length) ?? '';
      verifyIdentityToken(auth.context.testIdentity.key, 'notes', token, auth.context.clock).then(
        ({ identity }) => {
          if (broken || !identity.scopes.includes('platform:erase')) return res.writeHead(500).end();
          asked.push(JSON.parse(Buffer.concat(chunks).toString()) as (typeof asked)[number]);
          return res.end(JSON.stringify({ object: 'erasure', records: { notes: 3 } }));
        },
        () => res.writeHead(401).end(),
      );
    });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  const targets = JSON.stringify([{ service: 'notes', url }]);
  auth = await startAuth(database, { environment: { AUTH_ERASURE_TARGETS: targets } });
});

afterAll(async () => {
  await auth.close();
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
  await database.close();
});

const admin = { subject: 'admin', tenant: 'default', scopes: ['*'] };

test('a user is erased in every service, with a report, and nothing personal is left', async () => {
  const tokens = await auth.signUp('gone@example.com');
  const { subject } = auth.as(tokens);
  const report = await expectOk(await auth.fetch(`/v1/auth/users/${subject}/erasure`, { method: 'POST', as: admin }));
  expect(report).toMatchObject({
    complete: true,
    services: [
      { service: 'notes', erased: true, records: { notes: 3 } },
      { service: 'auth', erased: true, records: { users: 1, sessions: 1 } },
    ],
  });
  expect(asked).toContainEqual({ tenant: 'default', subject });
  const tables = await database.admin("SELECT table_name FROM information_schema.tables WHERE table_schema = 'auth'");
  for (const { table_name } of tables) {
    const rows = JSON.stringify(await database.admin(`SELECT * FROM ${table_name as string}`));
    expect([table_name, rows.includes('gone@example.com')]).toEqual([table_name, false]);
  }
  expect((await auth.ask('/api/auth/refresh', { refresh_token: tokens.refresh_token })).status).toBe(401);
});

test('where a service fails the user is shut out, the report says so, and a repetition finishes it', async () => {
  const tokens = await auth.signUp('half@example.com');
  const erase = async (): Promise<unknown> => {
    const { subject } = auth.as(tokens);
    return expectOk(await auth.fetch(`/v1/auth/users/${subject}/erasure`, { method: 'POST', as: admin }));
  };
  broken = true;
  expect(await erase()).toMatchObject({
    complete: false,
    services: [{ service: 'notes', erased: false }, { erased: false }],
  });
  expect((await auth.ask('/api/auth/login', { email: 'half@example.com', password: GOOD_PASSWORD })).status).toBe(401);
  broken = false;
  expect(await erase()).toMatchObject({ complete: true });
});

test('people erase themselves with their password, and nobody erases the bootstrap administrator', async () => {
  const as = auth.as(await auth.signUp('myself@example.com'));
  const wrong = await auth.fetch('/v1/auth/me', { method: 'DELETE', json: { password: 'a wrong one' }, as });
  expect(wrong.status).toBe(401);
  const right = await auth.fetch('/v1/auth/me', { method: 'DELETE', json: { password: GOOD_PASSWORD }, as });
  expect(await expectOk(right)).toMatchObject({ complete: true });
  expect((await auth.fetch('/v1/auth/users/admin/erasure', { method: 'POST', as: admin })).status).toBe(409);
});
