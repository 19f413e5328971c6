import { createAuthDatabase } from '../harness/auth-database.ts';
import type { AuthDatabase } from '../harness/auth-database.ts';
import { startAuth } from '../harness/start-auth.ts';
import type { TestAuth } from '../harness/start-auth.ts';

let database: AuthDatabase;
let auth: TestAuth;

beforeAll(async () => {
  database = await createAuthDatabase();
  auth = await startAuth(database);
});

afterAll(async () => {
  await auth.close();
  await database.close();
});

const as = { subject: 'zoë\r\nx-admin: 1', tenant: 'acme', scopes: ['search:read', 'rag:read'] };

test('a proxy learns who asks, in headers that cannot be broken out of', async () => {
  const { status, headers } = await auth.fetch('/v1/auth/forward', { as });
  expect(status).toBe(204);
  expect(headers.get('x-auth-subject')).toBe('zo%C3%AB%0D%0Ax-admin%3A%201');
  expect([headers.get('x-auth-tenant'), headers.get('x-auth-scopes')]).toEqual(['acme', 'search:read rag:read']);
});

test.each([
  ['a scope that the caller has', '?scope=search:read', as, 204],
  ['a scope that the caller has not', '?scope=search:write', as, 403],
  ['any scope, to who has all', '?scope=search:write', { ...as, scopes: ['*'] }, 204],
  ['nobody', '', null, 401],
])('%s', async (_what, query, who, status) => {
  expect((await auth.fetch(`/v1/auth/forward${query}`, { as: who })).status).toBe(status);
});
