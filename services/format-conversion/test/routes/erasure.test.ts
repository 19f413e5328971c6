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

const convert = async (subject: string): Promise<string> => {
  const response = await service.fetch('/v1/convert', {
    json: { text: '# Private', from: 'md', to: 'html' },
    headers: { prefer: 'respond-async', 'idempotency-key': `of-${subject}` },
    as: { subject },
  });
  const { id } = (await response.json()) as { id: string };
  await service.ended(id);
  return id;
};

test('the jobs and kept replies of the erased user go, those of others stay, and again nothing is left', async () => {
  const [hers, his] = [await convert('ada'), await convert('bob')];
  const erase = async (): Promise<unknown> =>
    (
      await service.fetch('/internal/erasure', {
        json: { tenant: 'acme', subject: 'ada' },
        as: { subject: 'auth', scopes: ['platform:erase'] },
      })
    ).json();
  expect(await erase()).toEqual({ object: 'erasure', records: { jobs: 1, idempotency_keys: 1 } });
  expect((await service.fetch(`/v1/convert/jobs/${hers}`)).status).toBe(404);
  expect((await service.fetch(`/v1/convert/jobs/${his}`)).status).toBe(200);
  expect(await erase()).toMatchObject({ records: { jobs: 0, idempotency_keys: 0 } });
});

test('nobody but a part of the platform erases', async () => {
  const request = { json: { tenant: 'acme', subject: 'ada' }, as: { scopes: ['convert:write'] } };
  expect((await service.fetch('/internal/erasure', request)).status).toBe(403);
});
