import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { startGateway } from './harness/start-gateway.ts';
import type { TestGateway } from './harness/start-gateway.ts';
import { bodyOf, startUpstream } from './harness/upstream-service.ts';
import type { UpstreamService } from './harness/upstream-service.ts';

const text = JSON.stringify({ words: 'the same again and again '.repeat(400) });
let upstream: UpstreamService;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await startUpstream((req, res) => {
    const { searchParams } = new URL(req.url ?? '/', 'http://upstream');
    const body = searchParams.get('body') ?? text;
    const headers = JSON.parse(searchParams.get('headers') ?? '{}') as Record<string, string>;
    const all = {
      'content-type': 'application/json',
      etag: '"1"',
      'content-length': Buffer.byteLength(body),
      ...headers,
    };
    if (headers['transfer-encoding'] !== undefined) delete (all as Record<string, unknown>)['content-length'];
    res.writeHead(200, all).end(req.method === 'HEAD' ? undefined : body);
  });
  gateway = await startGateway({ echo: upstream.url });
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

/** node:http decodes nothing by itself. */
async function ask(accepted: string, query: Record<string, string> = {}, method = 'GET') {
  const path = `/v1/echo?${new URLSearchParams(query).toString()}`;
  const headers = { authorization: `Bearer ${gateway.apiKey}`, 'accept-encoding': accepted };
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    request(`${gateway.url}${path}`, { headers, method }).once('response', resolve).once('error', reject).end(),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { headers: response.headers, body: Buffer.concat(chunks) };
}

test.each([
  ['gzip, deflate, br', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
  ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
])('to a client that accepts %j a large reply goes as %s', async (accepted, coding, decode) => {
  const { headers, body } = await ask(accepted);
  expect(headers).toMatchObject({ 'content-encoding': coding, etag: 'W/"1"', vary: 'accept-encoding' });
  expect(headers['content-length']).toBeUndefined();
  expect(decode(body).toString()).toBe(text);
  expect(body.length).toBeLessThan(text.length / 10);
});

test.each([
  ['accepts nothing of it', 'identity', {}],
  ['gets a small reply', 'gzip', { body: '{"a":1}' }],
  ['gets a picture', 'gzip', { headers: '{"content-type":"image/png"}' }],
  ['gets a stream of events', 'gzip', { headers: '{"content-type":"text/event-stream"}' }],
  ['gets a reply of unknown length', 'gzip', { headers: '{"transfer-encoding":"chunked"}' }],
  ['gets what must not be changed', 'gzip', { headers: '{"cache-control":"no-transform"}' }],
  ['gets what is compressed already', 'gzip', { headers: '{"content-encoding":"zstd"}' }],
])('a client that %s gets the bytes of the service', async (_who, accepted, query: Record<string, string>) => {
  const { headers, body } = await ask(accepted, query);
  expect(['gzip', 'br']).not.toContain(headers['content-encoding']);
  expect([headers.etag, body.toString()]).toEqual(['"1"', query['body'] ?? text]);
});

test('the reply to HEAD keeps its length', async () => {
  const { headers } = await ask('gzip', {}, 'HEAD');
  expect(headers['content-length']).toBe(String(text.length));
});

test('a request body goes through as it came', async () => {
  const echo = await startUpstream((req, res) => void bodyOf(req).then((body) => res.end(body)));
  const other = await startGateway({ echo: echo.url });
  const reply = await other.fetch('/v1/echo', { method: 'POST', body: text });
  expect(await reply.text()).toBe(text);
  await other.close();
  await echo.close();
});
