import { connect } from 'node:net';
import { startGateway } from './harness/start-gateway.ts';
import type { TestGateway } from './harness/start-gateway.ts';
import { startUpstream } from './harness/upstream-service.ts';
import type { UpstreamService } from './harness/upstream-service.ts';

let upstream: UpstreamService;
let gateway: TestGateway;
const seen: string[] = [];

beforeAll(async () => {
  upstream = await startUpstream((req, res) => {
    seen.push(`${String(req.method)} ${String(req.url)}`);
    req.resume().on('end', () => res.end('ok'));
  });
  gateway = await startGateway({ echo: upstream.url });
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

beforeEach(() => (seen.length = 0));

/** Writes bytes to the gateway as they are; returns all that is answered until it closes, or answers nothing more. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(gateway.port, '127.0.0.1');
    let answer = '';
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => undefined).once('close', () => resolve(answer));
    socket.write(text);
  });
}

const head = (lines: string[]): string =>
  [`POST /v1/echo HTTP/1.1`, 'host: gateway', `authorization: Bearer ${gateway.apiKey}`, ...lines, '', ''].join('\r\n');
const smuggled = 'GET /v1/echo/smuggled HTTP/1.1\r\nhost: gateway\r\n\r\n';

describe('a second request is not smuggled behind a first one', () => {
  test.each([
    ['length and chunks', ['content-length: 4', 'transfer-encoding: chunked'], `0\r\n\r\n${smuggled}`],
    ['two lengths', ['content-length: 0', `content-length: ${String(smuggled.length)}`], smuggled],
    ['chunked, misspelt', ['transfer-encoding: xchunked'], `0\r\n\r\n${smuggled}`],
    ['chunked and something after it', ['transfer-encoding: chunked, identity'], `0\r\n\r\n${smuggled}`],
    ['a space before the colon', ['transfer-encoding : chunked'], `0\r\n\r\n${smuggled}`],
    ['a folded header', ['x-a: b', ' transfer-encoding: chunked'], `0\r\n\r\n${smuggled}`],
    ['a length with a sign', ['content-length: +0'], smuggled],
    ['a chunk size that is none', ['transfer-encoding: chunked'], `0x0\r\n\r\n${smuggled}`],
  ])('by %s', async (_how, headers, body) => {
    const answer = await raw(head(headers) + body);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(seen.filter((line) => line.includes('smuggled'))).toEqual([]);
  });
});

describe('nobody is asked but the service that owns the path', () => {
  test.each([
    ['an address as the target', 'http://169.254.169.254/latest/meta-data'],
    ['an address with the path of a service', 'http://169.254.169.254/v1/echo'],
    ['a host in the path', '//169.254.169.254/v1/echo'],
    ['a user in the path', '/@169.254.169.254/v1/echo'],
    ['a path beside the prefix', '/v1/echoes'],
    ['an internal path', '/internal/erasure'],
  ])('%s', async (_what, target) => {
    const answer = await raw(
      `GET ${target} HTTP/1.1\r\nhost: 169.254.169.254\r\nauthorization: Bearer ${gateway.apiKey}\r\nconnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(seen).toEqual([]);
  });

  test('a path that climbs goes to its service as it was written', async () => {
    const path = '/v1/echo/../../internal/erasure';
    await raw(
      `GET ${path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${gateway.apiKey}\r\nconnection: close\r\n\r\n`,
    );
    expect(seen).toEqual([`GET ${path}`]);
  });
});

test('headers that are too large are refused before anybody is asked', async () => {
  const answer = await raw(head([`x-large: ${'a'.repeat(64 * 1_024)}`]));
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect(seen).toEqual([]);
});

test('every reply has the security headers, and the page of the documentation its own policy', async () => {
  const reply = await gateway.fetch('/v1/echo');
  expect(reply.headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/);
  expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  const page = await fetch(`${gateway.url}/docs`);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('content-security-policy')).toMatch(
    /script-src 'self' 'sha256-[^']+'; style-src 'self' 'sha256-/,
  );
  expect(await page.text()).toContain('openapi.json');
});

test('a stream of events is resumed where the client says, through the gateway', async () => {
  const events = await startUpstream((req, res) => {
    const after = Number(req.headers['last-event-id'] ?? 0);
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.end([1, 2, 3].filter((id) => id > after).map((id) => `id: ${String(id)}\ndata: x\n\n`).join('')); // prettier-ignore
  });
  const other = await startGateway({ events: events.url });
  const reply = await other.fetch('/v1/events', { headers: { 'last-event-id': '2', 'accept-encoding': 'gzip' } });
  expect(reply.headers.get('content-encoding')).toBeNull();
  expect(await reply.text()).toBe('id: 3\ndata: x\n\n');
  await other.close();
  await events.close();
});
