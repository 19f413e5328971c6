import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { HttpClient, Metrics, createService, get, routes } from '../../src/index.ts';
import type { HttpClientOptions } from '../../src/index.ts';
import { retryAfterMs, retryPauseMs } from '../../src/clients/retry.ts';
import { FakeClock, createTestContext, startService } from '../../src/testing/index.ts';

type Answer = (req: IncomingMessage, res: ServerResponse) => void;
let server: Server;
let url: string;
let answers: Answer[];
let asked: IncomingMessage[];
const clients: HttpClient[] = [];

beforeEach(async () => {
  asked = [];
  answers = [];
  server = createServer((req, res) => {
    asked.push(req);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    req.resume().on('end', () => answer?.(req, res));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  server.closeAllConnections();
  server.close();
});

function client(options: Partial<HttpClientOptions> = {}): HttpClient {
  const created = new HttpClient({ target: 'router', baseUrl: url, ...options });
  clients.push(created);
  return created;
}
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_req, res) =>
    void res.writeHead(code, headers).end('{"n":1}');
const reset: Answer = (req) => req.socket.destroy();
const silence: Answer = () => undefined;

test('answers with status, headers and a body by its schema', async () => {
  answers = [status(200, { 'x-a': 'b' })];
  const reply = await client().call({ path: '/v1/x' });
  expect([reply.status, reply.headers['x-a']]).toEqual([200, 'b']);
  expect(await reply.json(z.object({ n: z.number() }))).toEqual({ n: 1 });
});

test.each([503, 502, 504, 429])('a %i is repeated', async (code) => {
  answers = [status(code), status(200)];
  expect((await client().call({ path: '/' })).status).toBe(200);
  expect(asked).toHaveLength(2);
});

test('a connection that breaks is repeated, as often as allowed', async () => {
  answers = [reset];
  await expect(client({ maxRetries: 3 }).call({ path: '/' })).rejects.toMatchObject({
    status: 502,
    code: 'UPSTREAM_UNREACHABLE',
  });
  expect(asked).toHaveLength(4);
});

test('other answers are answers', async () => {
  answers = [status(404)];
  expect((await client().call({ path: '/' })).status).toBe(404);
  answers = [status(500)];
  expect((await client().call({ path: '/' })).status).toBe(500);
  expect(asked).toHaveLength(2);
});

test('a POST is repeated only where the caller says that it may be', async () => {
  answers = [status(503), status(200)];
  expect((await client().call({ method: 'POST', path: '/', json: {} })).status).toBe(503);
  answers = [status(503), status(200)];
  expect((await client().call({ method: 'POST', path: '/', json: {}, retry: true })).status).toBe(200);
});

test('waits as long as Retry-After says', async () => {
  const clock = new FakeClock();
  answers = [status(429, { 'retry-after': '3' }), status(200)];
  const reply = client({ clock }).call({ path: '/' });
  while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(2_999);
  expect(asked).toHaveLength(1);
  await clock.advance(1);
  expect((await reply).status).toBe(200);
});

test('does not wait for what would come after the deadline', async () => {
  answers = [status(503, { 'retry-after': '60' })];
  expect((await client({ timeoutMs: 5_000 }).call({ path: '/' })).status).toBe(503);
  expect(asked).toHaveLength(1);
});

test('one deadline for all attempts together', async () => {
  answers = [silence];
  const call = client({ timeoutMs: 150 }).call({ path: '/' });
  await expect(call).rejects.toMatchObject({ status: 504, code: 'UPSTREAM_TIMEOUT' });
  expect(asked).toHaveLength(1);
});

test('an attempt that hangs leaves time for the next', async () => {
  answers = [silence, status(200)];
  expect((await client({ attemptTimeoutMs: 80 }).call({ path: '/' })).status).toBe(200);
});

test('the deadline counts for the body too, unless the call is a stream', async () => {
  const slow: Answer = (_req, res) => {
    res.writeHead(200).write('a');
    setTimeout(() => res.end('b'), 300);
  };
  answers = [slow];
  const reply = await client({ timeoutMs: 100 }).call({ path: '/' });
  await expect(reply.bytes()).rejects.toMatchObject({ status: 504 });
  const stream = await client({ timeoutMs: 100 }).call({ path: '/', streaming: true });
  expect((await stream.bytes()).toString()).toBe('ab');
});

test('a body that is too large, or not as expected, is a 502', async () => {
  answers = [status(200)];
  await expect((await client().call({ path: '/' })).bytes(3)).rejects.toMatchObject({ code: 'UPSTREAM_TOO_LARGE' });
  const wrong = (await client().call({ path: '/' })).json(z.object({ m: z.string() }));
  await expect(wrong).rejects.toMatchObject({ status: 502, code: 'UPSTREAM_FAILED' });
});

test('the caller’s signal ends the call with its own reason', async () => {
  answers = [silence];
  const controller = new AbortController();
  const call = client().call({ path: '/', signal: controller.signal });
  const ended = expect(call).rejects.toThrow('the client has gone');
  await once(server, 'request');
  controller.abort(new Error('the client has gone'));
  await ended;
});

test('passes trace and request id on, from inside a request', async () => {
  const context = createTestContext({ name: 'notes' });
  const upstream = client();
  const route = get('/v1/relay', { summary: 's', public: true }, async () =>
    (await upstream.call({ path: '/' })).discard(),
  );
  const service = await startService(createService({ context, routes: [routes(route)] }), context);
  answers = [status(200)];
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await service.fetch('/v1/relay', { as: null, headers: { traceparent, tracestate: 'a=b', 'x-request-id': 'r-9' } });
  expect(asked[0]?.headers.traceparent).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/);
  expect(asked[0]?.headers.tracestate).toBe('a=b');
  expect(asked[0]?.headers['x-request-id']).toBe('r-9');
  await service.fetch('/v1/relay', { as: null });
  expect(asked[1]?.headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  await service.close();
});

test('measures every attempt', async () => {
  const metrics = new Metrics('notes');
  answers = [status(503), status(200)];
  await client({ metrics }).call({ path: '/' });
  const text = await metrics.registry.metrics();
  expect(text).toContain('genai_notes_http_client_duration_seconds_count{target="router",method="GET",status="503"} 1');
  expect(text).toContain('genai_notes_http_client_duration_seconds_count{target="router",method="GET",status="200"} 1');
});

test('reads Retry-After in both of its forms', () => {
  const now = Date.UTC(2026, 0, 1);
  expect(retryAfterMs('7', now)).toBe(7_000);
  expect(retryAfterMs('Thu, 01 Jan 2026 00:00:09 GMT', now)).toBe(9_000);
  expect(retryAfterMs('Wed, 31 Dec 2025 00:00:09 GMT', now)).toBe(0);
  expect(retryAfterMs('soon', now)).toBe(0);
  expect(retryPauseMs(30, undefined, now)).toBeLessThanOrEqual(5_000);
});
