import { connect } from 'node:net';
import { silentLogger, startTracing, verifyIdentityToken } from '@genai-platform/common';
import type { Tracing } from '@genai-platform/common';
import { startGateway } from './harness/start-gateway.ts';
import type { TestGateway } from './harness/start-gateway.ts';
import { bodyOf, startUpstream } from './harness/upstream-service.ts';
import type { UpstreamService } from './harness/upstream-service.ts';

interface Echo {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

let upstream: UpstreamService;
let gateway: TestGateway;
let tracing: Tracing;

beforeAll(async () => {
  tracing = await startTracing({ service: 'gateway', version: '1', endpoint: undefined, log: silentLogger() });
  upstream = await startUpstream((req, res) => {
    if (req.url === '/v1/echo/cut') {
      res.writeHead(200, { 'content-length': '1000' });
      res.write('half');
      setTimeout(() => res.destroy(), 20);
      return;
    }
    if (req.url === '/v1/echo/events') {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.flushHeaders();
      setTimeout(() => res.write('id: 1\ndata: one\n\n'), 50);
      req.once('close', () => res.end());
      return;
    }
    if (req.url === '/v1/echo/headers') {
      res.writeHead(418, { 'x-own': 'kept', connection: 'x-hop', 'x-hop': 'dropped', etag: '"1"' });
      res.end();
      return;
    }
    const { method, url, headers } = req;
    bodyOf(req).then(
      (body) => res.setHeader('content-type', 'application/json').end(JSON.stringify({ method, url, headers, body })),
      () => undefined, // The gateway broke the request off.
    );
  });
  gateway = await startGateway({ echo: upstream.url }, { GATEWAY_MAX_BODY_BYTES: '100000' });
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
  await tracing.stop();
});

const echo = async (path: string, init?: RequestInit): Promise<Echo> => {
  const response = await gateway.fetch(path, init);
  expect(response.status).toBe(200);
  return (await response.json()) as Echo;
};

test('passes method, path, query and body on as they are', async () => {
  const { method, url, body } = await echo('/v1/echo/a%2Fb?x=1&x=2', { method: 'PUT', body: 'ä body' });
  expect({ method, url, body }).toEqual({ method: 'PUT', url: '/v1/echo/a%2Fb?x=1&x=2', body: 'ä body' });
});

test('vouches for the client by a token that this one service accepts, and keeps the API key to itself', async () => {
  const { headers } = await echo('/v1/echo');
  const token = headers['authorization']?.replace('Bearer ', '') ?? '';
  const { identity } = await verifyIdentityToken(gateway.identityKey, 'echo', token);
  expect(identity).toEqual({ subject: 'admin', tenant: 'default', scopes: ['*'] });
  await expect(verifyIdentityToken(gateway.identityKey, 'search', token)).rejects.toThrow();
  expect(JSON.stringify(headers)).not.toContain(gateway.apiKey);
});

test('takes the key from x-api-key too', async () => {
  const response = await fetch(`${gateway.url}/v1/echo`, { headers: { 'x-api-key': gateway.apiKey } });
  const { headers } = (await response.json()) as Echo;
  expect(headers['x-api-key']).toBeUndefined();
  expect(headers['authorization']).toMatch(/^Bearer ey/);
});

test('says where the request came from, whatever the client claims', async () => {
  const { headers } = await echo('/v1/echo', {
    headers: {
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-proto': 'https',
      forwarded: 'for=6.6.6.6',
      'x-real-ip': '6.6.6.6',
    },
  });
  expect(headers['x-forwarded-for']).toBe('127.0.0.1');
  expect(headers['x-forwarded-proto']).toBe('http');
  expect(headers['x-forwarded-host']).toBe(new URL(gateway.url).host);
  expect(headers['forwarded']).toBeUndefined();
  expect(headers['x-real-ip']).toBeUndefined();
});

test('gives the service the request id that the client sees, and the trace', async () => {
  const response = await gateway.fetch('/v1/echo', {
    headers: { 'x-request-id': 'mine-1', traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
  });
  const { headers } = (await response.json()) as Echo;
  expect(response.headers.get('x-request-id')).toBe('mine-1');
  expect(headers['x-request-id']).toBe('mine-1');
  expect(headers['traceparent']).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-/);
});

test('passes status and headers back, without those of the connection', async () => {
  const response = await gateway.fetch('/v1/echo/headers');
  expect(response.status).toBe(418);
  expect(response.headers.get('x-own')).toBe('kept');
  expect(response.headers.get('etag')).toBe('"1"');
  expect(response.headers.get('x-hop')).toBeNull();
});

test('passes events on as they come', async () => {
  const aborter = new AbortController();
  const response = await gateway.fetch('/v1/echo/events', { signal: aborter.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe('id: 1\ndata: one\n\n');
  aborter.abort();
});

test('breaks a reply off that the service breaks off', async () => {
  const response = await gateway.fetch('/v1/echo/cut');
  await expect(response.text()).rejects.toThrow();
});

test('refuses a body over the limit, whether it says its length or not', async () => {
  const large = 'x'.repeat(100_001);
  const declared = await gateway.fetch('/v1/echo', { method: 'POST', body: large });
  expect(declared.status).toBe(413);
  const chunked = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 11; i += 1) controller.enqueue(new TextEncoder().encode('x'.repeat(10_000)));
      controller.close();
    },
  });
  const init = { method: 'POST', body: chunked, duplex: 'half' } as RequestInit;
  expect((await gateway.fetch('/v1/echo', init)).status).toBe(413);
});

test('answers 404 as a problem where no service is', async () => {
  const response = await gateway.fetch('/v1/echoes');
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
});

test.each([
  ['both a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked'],
  ['two lengths', 'Content-Length: 5\r\nContent-Length: 6'],
  ['an obscured coding', 'Transfer-Encoding: xchunked'],
])('refuses a request that may be understood in two ways: %s', async (_what, lines) => {
  const head = `POST /v1/echo HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer ${gateway.apiKey}\r\n${lines}\r\n\r\n`;
  const reply = await sendRaw(gateway.port, `${head}0\r\n\r\nGET /v1/echo/smuggled HTTP/1.1\r\nHost: g\r\n\r\n`);
  expect(reply).toMatch(/^HTTP\/1\.1 400 /);
  expect(reply).not.toContain('smuggled');
});

function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(text));
    socket.on('data', (chunk) => (reply += chunk.toString()));
    socket.once('error', reject).once('close', () => resolve(reply));
  });
}
