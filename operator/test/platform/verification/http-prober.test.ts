import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpProber } from '../../../src/platform/verification/http-prober.ts';
import type { ProbeRequest } from '../../../src/platform/verification/prober.ts';

const prober = createHttpProber({ attempts: 3, deadlineMs: 200, pauseMs: 1 });
const signal = new AbortController().signal;
let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function answering(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const request = (origin: string, more: Partial<ProbeRequest> = {}): ProbeRequest => ({
  origin,
  method: 'GET',
  path: '/v1/search/indexes?limit=1',
  expect: { status: 200 },
  ...more,
});

test('sends method, headers and body as given, and measures the answer', async () => {
  const seen: { request: IncomingMessage; body: string }[] = [];
  const origin = await answering((incoming, reply) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
    incoming.on('end', () => {
      seen.push({ request: incoming, body });
      reply.end('<h1>Ready</h1>');
    });
  });
  const result = await prober.probe(
    request(origin, {
      method: 'POST',
      path: '/v1/convert',
      headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
      body: '{"text":"# Ready"}',
      expect: { status: 200, bodyIncludes: '<h1>' },
    }),
    signal,
  );
  expect(result).toEqual({ answered: true, latencyMs: expect.any(Number) });
  expect(seen[0]?.request).toMatchObject({ method: 'POST', url: '/v1/convert' });
  expect(seen[0]?.request.headers).toMatchObject({ authorization: 'Bearer token', 'content-type': 'application/json' });
  expect(seen[0]?.body).toBe('{"text":"# Ready"}');
});

test('an answer that lacks what it must contain is no answer', async () => {
  const origin = await answering((_request, reply) => reply.end('<p>Ready</p>'));
  const expectation = { status: 200, bodyIncludes: '<h1>' };
  expect(await prober.probe(request(origin, { expect: expectation }), signal)).toEqual({
    answered: false,
    message: 'GET /v1/search/indexes?limit=1: HTTP 200 without "<h1>" in the answer',
  });
});

test('a refusal is told with the words of its problem, and not tried again', async () => {
  let asked = 0;
  const origin = await answering((_request, reply) => {
    asked += 1;
    reply.writeHead(500, { 'content-type': 'application/problem+json' });
    reply.end(JSON.stringify({ title: 'Internal error', detail: 'the database is missing' }));
  });
  expect(await prober.probe(request(origin), signal)).toEqual({
    answered: false,
    message: 'GET /v1/search/indexes?limit=1: HTTP 500 instead of 200: Internal error: the database is missing',
  });
  expect(asked).toBe(1);
});

test('a Service whose endpoints come up late is asked again', async () => {
  let asked = 0;
  const origin = await answering((_request, reply) => {
    asked += 1;
    reply.statusCode = asked < 3 ? 503 : 200;
    reply.end();
  });
  expect(await prober.probe(request(origin), signal)).toMatchObject({ answered: true });
});

test('a refused connection is told by its code, after a bounded number of tries', async () => {
  const origin = await answering(() => undefined);
  server?.close();
  expect(await prober.probe(request(origin), signal)).toEqual({
    answered: false,
    message: 'GET /v1/search/indexes?limit=1: ECONNREFUSED',
  });
});

test('silence ends at the deadline', async () => {
  const origin = await answering(() => undefined);
  const once = createHttpProber({ attempts: 1, deadlineMs: 50, pauseMs: 1 });
  expect(await once.probe(request(origin), signal)).toEqual({
    answered: false,
    message: 'GET /v1/search/indexes?limit=1: no answer within 50 ms',
  });
});

test('a body without end is not read to its end', async () => {
  const origin = await answering((_request, reply) => {
    reply.write('<h1>');
    const timer = setInterval(() => reply.write('x'.repeat(64 * 1024)), 1);
    reply.on('close', () => clearInterval(timer));
  });
  const result = await createHttpProber().probe(
    request(origin, { expect: { status: 200, bodyIncludes: '<h1>' } }),
    signal,
  );
  expect(result).toMatchObject({ answered: true });
});

test('a redirect is not followed: the credential is meant for this workload', async () => {
  const origin = await answering((_request, reply) => {
    reply.writeHead(302, { location: 'http://127.0.0.1:1/elsewhere' });
    reply.end();
  });
  expect(await prober.probe(request(origin), signal)).toMatchObject({ answered: false });
});

test('the end of the reconcile ends the probe', async () => {
  const origin = await answering(() => undefined);
  const controller = new AbortController();
  const probing = prober.probe(request(origin), controller.signal);
  controller.abort(new Error('lost the lease'));
  await expect(probing).rejects.toThrow('lost the lease');
});
