import { request } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { startSample } from '../builders/sample-service.ts';
import type { SampleService } from '../builders/sample-service.ts';

type Body = NonNullable<RequestInit['body']>;

let service: SampleService;
beforeAll(async () => {
  service = await startSample();
});
afterAll(() => service.close());

const send = (body: Body, headers: Record<string, string>, path = '/v1/notes'): Promise<Response> =>
  service.fetch(path, { method: 'POST', body, headers });
const json = { 'content-type': 'application/json' };

test('a JSON body is validated, and defaults are filled', async () => {
  const response = await service.fetch('/v1/notes', { json: { text: 'hello' } });
  expect(response.status).toBe(201);
  expect(response.headers.get('location')).toBe('/v1/notes/n1');
  expect(await response.json()).toEqual({ id: 'n1', text: 'hello', stars: 0 });
});

test.each([
  ['another type', '{}', { 'content-type': 'text/plain' }],
  ['no type', new Uint8Array([123, 125]), {}],
  ['another charset', '{}', { 'content-type': 'application/json; charset=utf-16' }],
  ['an unknown encoding', '{}', { ...json, 'content-encoding': 'zstd' }],
] as [string, Body, Record<string, string>][])('%s is a 415', async (_, body, headers) => {
  expect((await send(body, headers)).status).toBe(415);
});

test('a 415 tells what is taken', async () => {
  expect((await send('{}', { 'content-type': 'text/csv' })).headers.get('accept')).toBe('application/json');
});

test.each([
  ['no JSON', '{"text": "a",}', 'position'],
  ['half JSON', '{"text": "a"', 'position'],
  ['not UTF-8', new Uint8Array([34, 0xff, 34]), 'UTF-8'],
] as [string, Body, string][])('%s is a 400 that says where', async (_, body, detail) => {
  const response = await send(body, json);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'REQUEST_MALFORMED', detail: expect.stringContaining(detail) });
});

test('a missing body is a 400', async () => {
  const response = await service.fetch('/v1/notes', { method: 'POST' });
  expect(await response.json()).toMatchObject({ status: 400, code: 'REQUEST_BODY_MISSING' });
});

test('a body over the limit is a 413, whether its length is declared or not', async () => {
  const large = JSON.stringify({ text: 'x'.repeat(2_000) });
  expect((await send(large, json)).status).toBe(413);
  const chunks = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 10; i += 1) controller.enqueue(new TextEncoder().encode(large));
      controller.close();
    },
  });
  const response = await service.fetch('/v1/notes', {
    method: 'POST',
    body: chunks,
    headers: json,
    duplex: 'half',
  } as never);
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ code: 'BODY_TOO_LARGE' });
});

test('a client that sends several megabytes too much still reads why it was refused', async () => {
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const outgoing = request(`${service.url}/v1/upload`, { method: 'POST', headers: { 'content-type': 'text/plain' } });
    outgoing.on('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    outgoing.on('error', reject);
    outgoing.end(Buffer.alloc(4_000_000));
  });
  expect(status).toBe(401);
});

test('compressed bodies are decoded', async () => {
  const text = JSON.stringify({ text: 'packed' });
  for (const [encoding, body] of [
    ['gzip', gzipSync(text)],
    ['br', brotliCompressSync(text)],
  ] as const) {
    const response = await send(new Uint8Array(body), { ...json, 'content-encoding': encoding });
    expect(await response.json()).toMatchObject({ text: 'packed' });
  }
});

test('a small compressed body cannot become a large one', async () => {
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(10_000_000, 32)));
  const response = await send(bomb.slice(0, 900), { ...json, 'content-encoding': 'gzip' });
  expect(response.status).toBe(413);
});

test('a body that is not what its encoding says is a 400', async () => {
  expect((await send('plain text, not gzip', { ...json, 'content-encoding': 'gzip' })).status).toBe(400);
});

test('raw bodies are taken by type and range', async () => {
  expect(await (await send('hello', { 'content-type': 'text/plain' }, '/v1/upload')).json()).toEqual({
    type: 'text/plain',
    size: 5,
  });
  expect(await (await send('hello', { 'content-type': 'image/png' }, '/v1/upload')).json()).toEqual({
    type: 'image/png',
    size: 5,
  });
  expect((await send('hello', { 'content-type': 'audio/wav' }, '/v1/upload')).status).toBe(415);
  expect((await send('x'.repeat(5_001), { 'content-type': 'text/plain' }, '/v1/upload')).status).toBe(413);
});

function form(build: (form: FormData) => void): Promise<Response> {
  const data = new FormData();
  build(data);
  return service.fetch('/v1/upload', { method: 'POST', body: data });
}

test('multipart forms arrive with fields and files', async () => {
  const response = await form((data) => {
    data.append('title', 'Grüße');
    data.append('file', new Blob(['hello']), '../../etc/päss.txt');
  });
  expect(await response.json()).toEqual({
    fields: { title: 'Grüße' },
    files: [{ name: 'file', filename: 'päss.txt', size: 5 }],
  });
});

test.each([
  ['a file too large', (data: FormData) => data.append('f', new Blob(['x'.repeat(1_001)]), 'f')],
  ['too many files', (data: FormData) => ['a', 'b', 'c'].forEach((n) => data.append(n, new Blob(['x']), n))],
  ['a field too large', (data: FormData) => data.append('t', 'x'.repeat(101))],
  ['too many fields', (data: FormData) => ['a', 'b', 'c', 'd'].forEach((n) => data.append(n, 'x'))],
  ['a form too large', (data: FormData) => ['a', 'b', 'c'].forEach((n) => data.append(n, 'x'.repeat(2_000)))],
])('%s is a 413', async (_, build) => {
  expect((await form((data) => void build(data))).status).toBe(413);
});

test.each([
  [
    'cut off',
    '--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nabc',
    'multipart/form-data; boundary=x',
  ],
  ['without boundary', 'abc', 'multipart/form-data'],
])('a form %s is a 400', async (_, body, contentType) => {
  const response = await send(body, { 'content-type': contentType }, '/v1/upload');
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'REQUEST_MALFORMED' });
});
