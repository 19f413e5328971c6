import { unzipSync } from 'fflate';
import { createConversionDatabase, type ConversionDatabase } from '../harness/conversion-database.ts';
import { startConversion, type TestConversion } from '../harness/start-conversion.ts';

let database: ConversionDatabase;
let service: TestConversion;

beforeAll(async () => {
  database = await createConversionDatabase();
  service = await startConversion(database, { CONVERT_ASYNC_BYTES: 10_000 });
});

afterAll(async () => {
  await service.close();
  await database.close();
});

interface JobReply {
  id: string;
  status: string;
  output_url: string | null;
}

async function accepted(response: Response): Promise<JobReply> {
  expect(response.status).toBe(202);
  const job = (await response.json()) as JobReply;
  expect(response.headers.get('location')).toBe(`/v1/convert/jobs/${job.id}`);
  return job;
}

describe('a conversion as a job', () => {
  test('is what respond-async asks for; output and warnings are fetched afterwards', async () => {
    const response = await service.fetch('/v1/convert', {
      json: { text: '<u>a</u>', from: 'html', to: 'md', filename: 'page.html' },
      headers: { prefer: 'respond-async' },
    });
    const job = await service.ended((await accepted(response)).id);
    expect(job).toMatchObject({ status: 'succeeded', kind: 'convert' });
    const output = await service.fetch(String(job.output_url));
    expect([output.headers.get('content-type'), await output.text()]).toEqual(['text/markdown; charset=utf-8', 'a\n']);
    const result = await (await service.fetch(`/v1/convert/jobs/${String(job.id)}/result`)).json();
    expect(result).toMatchObject({
      object: 'conversion_result',
      output_url: job.output_url,
      documents: [
        {
          filename: 'page.html',
          status: 'succeeded',
          from: 'html',
          to: 'md',
          warnings: [{ code: 'UNDERLINE_DROPPED' }],
        },
      ],
    });
  });

  test('is what a large document becomes', async () => {
    const response = await service.upload('/v1/convert', Buffer.from('word '.repeat(4_000)), 'long.txt', { to: 'md' });
    expect(await service.ended((await accepted(response)).id)).toMatchObject({ status: 'succeeded' });
  });

  test('fails with the problem of the document', async () => {
    const response = await service.fetch('/v1/convert', {
      json: { text: 'no table here', from: 'txt', to: 'csv' },
      headers: { prefer: 'respond-async' },
    });
    const job = await service.ended((await accepted(response)).id);
    expect(job).toMatchObject({ status: 'failed', error: { status: 422, code: 'CONVERT_NOTHING_TO_WRITE' } });
  });

  test('can be cancelled with DELETE, and belongs to its tenant', async () => {
    const response = await service.fetch('/v1/convert', {
      json: { text: 'a', to: 'md' },
      headers: { prefer: 'respond-async' },
    });
    const { id } = await accepted(response);
    const foreign = await service.fetch(`/v1/convert/jobs/${id}`, { method: 'DELETE', as: { tenant: 'other' } });
    expect(foreign.status).toBe(404);
    const cancelled = await service.fetch(`/v1/convert/jobs/${id}`, { method: 'DELETE' });
    expect(cancelled.status).toBe(200);
    expect(await service.ended(id)).toMatchObject({ status: expect.stringMatching(/cancelled|succeeded/) });
  });
});

describe('POST /v1/convert/batch', () => {
  test('converts what it can and reports every document', async () => {
    const response = await service.fetch('/v1/convert/batch', {
      json: {
        to: 'md',
        items: [
          { text: '<h1>A</h1>', filename: '../../etc/a.html' },
          { text: 'a,b\n1,2', filename: 'a.csv', to: 'html' },
          { text: 'plain', filename: 'p.txt', to: 'csv' },
          { data: Buffer.from('<p>B</p>').toString('base64'), filename: 'a.htm' },
        ],
      },
    });
    const job = await service.ended((await accepted(response)).id);
    expect(job).toMatchObject({ status: 'succeeded', kind: 'batch', progress: 1 });
    const archive = unzipSync(new Uint8Array(await (await service.fetch(String(job.output_url))).arrayBuffer()));
    expect(Object.keys(archive).sort()).toEqual(['a-2.md', 'a.html', 'a.md', 'manifest.json']);
    expect(Buffer.from(archive['a.md'] ?? '').toString()).toBe('# A\n');
    const { documents } = JSON.parse(Buffer.from(archive['manifest.json'] ?? '').toString()) as { documents: object[] };
    expect(documents).toMatchObject([
      { status: 'succeeded', output: 'a.md' },
      { status: 'succeeded', output: 'a.html' },
      { status: 'failed', error: { code: 'CONVERT_NOTHING_TO_WRITE' } },
      { status: 'succeeded', output: 'a-2.md' },
    ]);
  });

  test('takes several files as a form', async () => {
    const form = new FormData();
    form.set('to', 'txt');
    form.append('file', new Blob(['# One']), 'one.md');
    form.append('file', new Blob(['# Two']), 'two.md');
    const job = await service.ended(
      (await accepted(await service.fetch('/v1/convert/batch', { method: 'POST', body: form }))).id,
    );
    const archive = unzipSync(new Uint8Array(await (await service.fetch(String(job.output_url))).arrayBuffer()));
    expect(Object.keys(archive).sort()).toEqual(['manifest.json', 'one.txt', 'two.txt']);
  });

  test('refuses an item without a format', async () => {
    const response = await service.fetch('/v1/convert/batch', { json: { items: [{ text: 'a' }] } });
    expect(await response.json()).toMatchObject({ status: 400, errors: [{ pointer: '/items/0/to' }] });
  });
});
