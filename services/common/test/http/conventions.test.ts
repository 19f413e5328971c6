import { z } from 'zod';
import {
  createService,
  etagOf,
  get,
  parsePrefer,
  put,
  rateLimitHeaders,
  rateLimited,
  reply,
  requireMatch,
  routes,
} from '../../src/index.ts';
import { createTestContext, startService } from '../../src/testing/index.ts';
import type { TestService } from '../../src/testing/index.ts';

let service: TestService;
let version = 1;

beforeAll(async () => {
  const context = createTestContext({ name: 'notes' });
  const Doc = z.object({ version: z.number() });
  const limits = { name: 'requests', limit: 100, windowSeconds: 60, remaining: 0, resetSeconds: 12.3 };
  service = await startService(
    createService({
      context,
      routes: [
        routes(
          get('/v1/doc', { summary: 's', reply: Doc }, () =>
            reply({ version }, { headers: { etag: etagOf(version) } }),
          ),
          put('/v1/doc', { summary: 's', reply: Doc }, ({ req }) => {
            requireMatch(req, etagOf(version));
            version += 1;
            return reply({ version }, { headers: { etag: etagOf(version) } });
          }),
          put('/v1/strict', { summary: 's' }, ({ req }) => requireMatch(req, '"x"', { required: true })),
          get('/v1/limited', { summary: 's' }, () => {
            throw rateLimited([limits, { ...limits, name: 'tokens', remaining: 5 }]);
          }),
          get('/v1/prefer', { summary: 's', reply: z.unknown() }, ({ req }) => parsePrefer(req.headers.prefer)),
        ),
      ],
    }),
    context,
  );
});
beforeEach(() => {
  version = 1;
});
afterAll(() => service.close());

test('a change of the version that was read goes through, one of an older version is a 412 with the current tag', async () => {
  const etag = (await service.fetch('/v1/doc')).headers.get('etag') ?? '';
  expect(etag).toBe('"1"');
  const change = (): Promise<Response> => service.fetch('/v1/doc', { method: 'PUT', headers: { 'if-match': etag } });
  expect((await change()).headers.get('etag')).toBe('"2"');
  const lost = await change();
  expect(lost.status).toBe(412);
  expect(lost.headers.get('etag')).toBe('"2"');
  expect(await lost.json()).toMatchObject({ code: 'PRECONDITION_FAILED' });
});

test.each([
  ['*', 200],
  ['"0", "1"', 200],
  ['W/"1"', 412],
  ['"2"', 412],
])('If-Match: %s is a %i', async (header, status) => {
  expect((await service.fetch('/v1/doc', { method: 'PUT', headers: { 'if-match': header } })).status).toBe(status);
});

test('a route may demand If-Match', async () => {
  const response = await service.fetch('/v1/strict', { method: 'PUT' });
  expect(await response.json()).toMatchObject({ status: 428, code: 'PRECONDITION_REQUIRED' });
});

test.each([
  ['"1"', 304],
  ['W/"1"', 304],
  ['"0", "1"', 304],
  ['*', 304],
  ['"2"', 200],
])('If-None-Match: %s is a %i', async (header, status) => {
  const response = await service.fetch('/v1/doc', { headers: { 'if-none-match': header } });
  expect(response.status).toBe(status);
  expect(response.headers.get('etag')).toBe('"1"');
  expect((await response.text()) === '').toBe(status === 304);
});

test('the tag of a content changes with the content', () => {
  expect(etagOf({ a: 1 })).toBe(etagOf({ a: 1 }));
  expect(etagOf({ a: 1 })).not.toBe(etagOf({ a: 2 }));
  expect(etagOf({ a: 1 })).toMatch(/^"[\w-]{22}"$/);
});

test('a 429 tells the limits, what is left, and when to come back', async () => {
  const { status, headers } = await service.fetch('/v1/limited');
  expect(status).toBe(429);
  expect(headers.get('retry-after')).toBe('13');
  expect(headers.get('ratelimit-policy')).toBe('"requests";q=100;w=60, "tokens";q=100;w=60');
  expect(headers.get('ratelimit')).toBe('"requests";r=0;t=13, "tokens";r=5;t=13');
});

test('what is left is never negative', () => {
  const [state] = [{ name: 'a', limit: 1, windowSeconds: 1, remaining: -3, resetSeconds: -1 }];
  expect(rateLimitHeaders([state]).ratelimit).toBe('"a";r=0;t=0');
});

test.each([
  ['respond-async', { respondAsync: true }],
  ['respond-async, wait=10', { respondAsync: true, waitSeconds: 10 }],
  ['wait="7"; foo=bar', { respondAsync: false, waitSeconds: 7 }],
  ['wait=10, wait=20', { respondAsync: false, waitSeconds: 10 }],
  ['wait=999999', { respondAsync: false, waitSeconds: 600 }],
  ['return=minimal, wait=soon', { respondAsync: false }],
])('Prefer: %s', async (prefer, expected) => {
  expect(await (await service.fetch('/v1/prefer', { headers: { prefer } })).json()).toEqual(expected);
});
