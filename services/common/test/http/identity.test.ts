import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mintIdentityToken } from '../../src/index.ts';
import { FakeClock, createTestContext, startService } from '../../src/testing/index.ts';
import { createService } from '../../src/index.ts';
import { sampleRoutes, startSample } from '../builders/sample-service.ts';
import type { SampleService } from '../builders/sample-service.ts';

let service: SampleService;
beforeAll(async () => {
  service = await startSample();
});
afterAll(() => service.close());

test('a valid token gives the handler its identity', async () => {
  const response = await service.fetch('/v1/notes/1', { as: { tenant: 'tenant-7', scopes: ['notes:read'] } });
  expect(await response.json()).toMatchObject({ text: 'tenant-7' });
});

test.each([
  ['no token', undefined, 'Bearer'],
  ['another scheme', 'Basic YTpi', 'Bearer'],
  ['a token that is none', 'Bearer abc', 'Bearer error="invalid_token"'],
])('%s is a 401 with a challenge', async (_, authorization, challenge) => {
  const response = await service.fetch('/v1/notes/1', {
    as: null,
    headers: authorization === undefined ? {} : { authorization },
  });
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe(challenge);
  expect(await response.json()).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('a token for another service is refused', async () => {
  const token = await service.context.testIdentity.token('search');
  const response = await service.fetch('/v1/notes/1', { as: null, headers: { authorization: `Bearer ${token}` } });
  expect(response.status).toBe(401);
});

test('a missing scope is a 403 that names it', async () => {
  const response = await service.fetch('/v1/notes', { as: { scopes: ['notes:read'] }, json: { text: 'hi' } });
  expect(response.status).toBe(403);
  expect(response.headers.get('www-authenticate')).toContain('scope="notes:write"');
  expect(((await response.json()) as { detail: string }).detail).toContain('notes:write');
});

test('probes, metrics and the documentation need no identity', async () => {
  for (const path of ['/livez', '/readyz', '/metrics', '/openapi.json']) {
    expect((await service.fetch(path, { as: null })).status).toBe(200);
  }
});

test('a token stops working when it expires, though it was verified before', async () => {
  const clock = new FakeClock();
  const context = createTestContext({ name: 'notes', clock });
  const own = await startService(createService({ context, routes: [sampleRoutes] }), context);
  const authorization = `Bearer ${await context.testIdentity.token('notes')}`;
  const ask = async (): Promise<number> =>
    (await own.fetch('/v1/notes/1', { as: null, headers: { authorization } })).status;
  expect(await ask()).toBe(200);
  await clock.advance(59_000);
  expect(await ask()).toBe(200);
  await clock.advance(7_000);
  expect(await ask()).toBe(401);
  await own.close();
});

test('a rotated key is taken up without a restart, the old one works as long as it is listed', async () => {
  const clock = new FakeClock();
  const context = createTestContext({ name: 'notes', clock });
  const own = await startService(createService({ context, routes: [sampleRoutes] }), context);
  const next = new Uint8Array(randomBytes(32));
  const ask = async (key: Uint8Array): Promise<number> => {
    const token = await mintIdentityToken(key, 'notes', { subject: 's', tenant: 't', scopes: ['*'] }, clock);
    return (await own.fetch('/v1/notes/1', { as: null, headers: { authorization: `Bearer ${token}` } })).status;
  };
  const write = (...keys: Uint8Array[]): void =>
    writeFileSync(context.testIdentity.keyFile, keys.map((key) => Buffer.from(key).toString('base64url')).join('\n'));
  expect(await ask(context.testIdentity.key)).toBe(200);
  expect(await ask(next)).toBe(401);
  write(next, context.testIdentity.key);
  await clock.advance(1_000);
  expect(await ask(next)).toBe(200);
  expect(await ask(context.testIdentity.key)).toBe(200);
  write(next);
  await clock.advance(61_000);
  expect(await ask(next)).toBe(200);
  await own.close();
});
