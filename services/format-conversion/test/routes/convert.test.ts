import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConversionDatabase, type ConversionDatabase } from '../harness/conversion-database.ts';
import { startConversion, type TestConversion } from '../harness/start-conversion.ts';

let database: ConversionDatabase;
let service: TestConversion;

beforeAll(async () => {
  database = await createConversionDatabase();
  service = await startConversion(database);
});

afterAll(async () => {
  await service.close();
  await database.close();
});

describe('POST /v1/convert', () => {
  test('answers the request by which the operator verifies the service', async () => {
    const response = await service.fetch('/v1/convert', { json: { text: '# Ready', from: 'md', to: 'html' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toBe('<h1>Ready</h1>\n');
  });

  test('takes a file as a form, finds out its format and names the reply after it', async () => {
    const response = await service.upload('/v1/convert', Buffer.from('a;b\n1;2\n'), 'données.csv', { to: 'md' });
    expect(response.status).toBe(200);
    expect(response.headers.get('conversion-source')).toBe('csv');
    expect(response.headers.get('content-disposition')).toContain("filename*=UTF-8''donn%C3%A9es.md");
    expect(await response.text()).toBe('| a | b |\n| - | - |\n| 1 | 2 |\n');
  });

  test('takes base64 and options', async () => {
    const data = Buffer.from('# T').toString('base64');
    const response = await service.fetch('/v1/convert', {
      json: { data, from: 'md', to: 'html', options: { standalone: true } },
    });
    expect(await response.text()).toContain('<title>T</title>');
  });

  test('says in a header what was lost', async () => {
    const text = '<u>a</u> and <u>b</u><svg></svg>';
    const response = await service.fetch('/v1/convert', { json: { text, from: 'html', to: 'md' } });
    expect(response.headers.get('conversion-warnings')).toBe('MEDIA_DROPPED;count=1, UNDERLINE_DROPPED;count=2');
  });

  test('answers as JSON with the warnings in full where the client accepts that', async () => {
    const response = await service.fetch('/v1/convert', {
      json: { text: '<u>a</u>', from: 'html', to: 'md' },
      headers: { accept: 'application/json' },
    });
    expect(await response.json()).toEqual({
      object: 'conversion',
      from: 'html',
      to: 'md',
      media_type: 'text/markdown',
      text: 'a\n',
      warnings: [{ code: 'UNDERLINE_DROPPED', detail: expect.any(String), count: 1 }],
    });
  });

  test.each([
    ['no source', { to: 'md' }, 400],
    ['two sources', { text: 'a', data: 'YQ==', to: 'md' }, 400],
    ['an unknown target', { text: 'a', to: 'wav' }, 400],
    ['an unknown option', { text: 'a', to: 'md', options: { colour: 'red' } }, 400],
    ['an address inside the network', { url: 'http://169.254.169.254/latest', to: 'md' }, 400],
    ['text where there is no table', { text: 'a', from: 'txt', to: 'csv' }, 422],
    ['JSON that is none', { text: '{"a":', from: 'json', to: 'md' }, 422],
    [
      'a picture',
      { data: Buffer.from('89504e470d0a1a0a0000000d4948445200000001', 'hex').toString('base64'), to: 'md' },
      415,
    ],
  ])('refuses %s with a problem', async (_what, json, status) => {
    const response = await service.fetch('/v1/convert', { json });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      status,
      code: expect.stringMatching(/^[A-Z_]+$/),
      detail: expect.any(String),
    });
  });

  test('replays a reply for a repeated idempotency key', async () => {
    const request = { json: { text: '# Once', from: 'md', to: 'html' }, headers: { 'idempotency-key': 'once-1' } };
    const first = await service.fetch('/v1/convert', request);
    const second = await service.fetch('/v1/convert', request);
    expect([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect(await second.text()).toBe(await first.text());
  });
});

describe('an address', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/page.html')
        response.setHeader('content-type', 'text/html').end('<h1>Far</h1><a href="next">n</a>');
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('is refused while it is not public, whoever asks', async () => {
    const response = await service.fetch('/v1/convert', { json: { url: `${url}/page.html`, to: 'md' } });
    expect(await response.json()).toMatchObject({ status: 400, code: 'ADDRESS_REFUSED' });
  });
});

describe('GET /v1/convert/formats', () => {
  test('lists formats and the ways between them with what survives', async () => {
    const reply = (await (await service.fetch('/v1/convert/formats')).json()) as {
      formats: { name: string; read: boolean; write: boolean }[];
      conversions: object[];
    };
    expect(reply.formats).toContainEqual(expect.objectContaining({ name: 'docx', read: true, write: true }));
    expect(reply.conversions).toContainEqual({ from: 'md', to: 'html', fidelity: 'lossless' });
    expect(reply.conversions).toContainEqual({ from: 'pdf', to: 'md', fidelity: 'content' });
  });
});

describe('POST /v1/convert/detect', () => {
  test('tells format, encoding and language', async () => {
    const file = Buffer.from('Überraschung: das Gerät läuft wieder, und alle freuen sich darüber sehr.', 'latin1');
    const response = await service.upload('/v1/convert/detect', file, 'brief.txt', {});
    expect(await response.json()).toMatchObject({
      object: 'detection',
      format: 'txt',
      media_type: 'text/plain',
      encoding: { name: expect.stringMatching(/8859-1|1252/), certainty: 'guessed' },
      language: { code: 'de' },
      targets: expect.arrayContaining(['md', 'pdf']),
    });
  });

  test('tells what cannot be converted by its name', async () => {
    const data = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex').toString(
      'base64',
    );
    const response = await service.fetch('/v1/convert/detect', { json: { data } });
    expect(await response.json()).toMatchObject({ format: null, media_type: 'image/png', targets: [] });
  });
});
