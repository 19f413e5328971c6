import { createConversionDatabase, type ConversionDatabase } from '../harness/conversion-database.ts';
import {
  billionLaughs,
  encryptedOffice,
  encryptedPdf,
  externalEntity,
  lyingZip,
  nestedTables,
  pdfBomb,
  pdfOfPages,
  zipBomb,
} from '../harness/hostile.ts';
import { wordDocument } from '../harness/office.ts';
import { startConversion, type TestConversion } from '../harness/start-conversion.ts';

let database: ConversionDatabase;
let service: TestConversion;

beforeAll(async () => {
  database = await createConversionDatabase();
  service = await startConversion(database, {
    CONVERT_DEADLINE_SECONDS: 4,
    CONVERT_WORKER_MEMORY_BYTES: 256 * 1024 * 1024,
  });
});

afterAll(async () => {
  await service.close();
  await database.close();
});

const nothing = (length: number): Uint8Array => Buffer.alloc(length);

describe('a hostile document', () => {
  test.each([
    ['a zip bomb', () => zipBomb(40), 'docx', 'CONVERT_DOCUMENT_TOO_LARGE'],
    ['an archive that lies about its sizes', lyingZip, 'docx', 'CONVERT_DOCUMENT_MALFORMED'],
    ['entities that expand without end', () => billionLaughs, 'docx', 'CONVERT_DOCUMENT_MALFORMED'],
    ['an entity that reads a file', () => externalEntity, 'docx', 'CONVERT_DOCUMENT_MALFORMED'],
    ['tables a thousand levels deep', () => nestedTables(1_000), 'docx', 'CONVERT_DOCUMENT_TOO_LARGE'],
    [
      'HTML a hundred thousand levels deep',
      () => Buffer.from('<div>'.repeat(100_000)),
      'html',
      'CONVERT_DOCUMENT_TOO_LARGE',
    ],
    [
      'JSON a hundred thousand levels deep',
      () => Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)),
      'json',
      'CONVERT_DOCUMENT_TOO_LARGE',
    ],
    ['a PDF of ten thousand pages', () => pdfOfPages(10_000), 'pdf', 'CONVERT_DOCUMENT_TOO_LARGE'],
    ['a PDF with a password', () => encryptedPdf, 'pdf', 'CONVERT_DOCUMENT_ENCRYPTED'],
    ['an Office document with a password', () => encryptedOffice, 'docx', 'CONVERT_DOCUMENT_ENCRYPTED'],
    [
      'a PDF that inflates to a hundred megabytes',
      pdfBomb,
      'pdf',
      expect.stringMatching(/CONVERT_(TIMEOUT|DOCUMENT_TOO_LARGE|NOTHING_TO_WRITE)/),
    ],
    ['half a Word document', () => wordDocument('<w:p/>').subarray(0, 500), 'docx', 'CONVERT_DOCUMENT_MALFORMED'],
    ['half a PDF', () => Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Cat'), 'pdf', 'CONVERT_DOCUMENT_MALFORMED'],
    [
      'an empty archive',
      () => Buffer.from('504b0506000000000000000000000000000000000000', 'hex'),
      'epub',
      'CONVERT_DOCUMENT_MALFORMED',
    ],
    ['no bytes at all', () => nothing(0), 'docx', 'CONVERT_DOCUMENT_MALFORMED'],
    [
      'a picture under another name',
      () => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), nothing(100)]),
      'docx',
      'CONVERT_DOCUMENT_MALFORMED',
    ],
  ])(
    'that is %s is answered with its fault, and the service lives on',
    async (_what, document, from, code) => {
      const response = await service.upload('/v1/convert', document(), `x.${from}`, { from, to: 'md' });
      const problem = (await response.json()) as { status: number };
      expect(problem).toMatchObject({ code, detail: expect.stringMatching(/\w/) });
      expect([problem.status, response.status].map((status) => Math.floor(status / 100))).toEqual([4, 4]);
      const next = await service.fetch('/v1/convert', { json: { text: '# Alive', from: 'md', to: 'html' } });
      expect(await next.text()).toBe('<h1>Alive</h1>\n');
    },
    15_000,
  );

  test('made of patterns that trip up parsers is converted in time', async () => {
    const patterns = [
      '*'.repeat(50_000),
      '['.repeat(50_000),
      '>'.repeat(20_000),
      '`'.repeat(50_001),
      `${'a**b'.repeat(20_000)}c`,
      '|'.repeat(20_000),
      '<'.repeat(50_000),
      '![['.repeat(20_000),
    ];
    for (const text of patterns) {
      const response = await service.fetch('/v1/convert', { json: { text, from: 'md', to: 'html' } });
      expect([200, 413, 422]).toContain(response.status);
    }
  }, 40_000);
});
