import { BulkThread } from '../src/bulk/bulk-thread.ts';
import { AnalyzerPool } from '../src/domain/analysis/field-analyzers.ts';
import { prepareBulk } from '../src/domain/prepare-bulk.ts';
import { IndexSettings } from '../src/domain/settings.ts';
import { runSteps } from './harness/memory-index.ts';

const settings = IndexSettings.parse({
  fields: { title: { type: 'text' }, tag: { type: 'keyword' } },
  vector: { dimensions: 2 },
});
const lines = new TextEncoder().encode(
  [
    '{"id":"a","fields":{"title":"Running cars","tag":"x"},"vector":[1,2]}',
    '',
    'no json',
    '{"id":7}',
    '{"id":"a","fields":{"title":"Last"}}',
  ].join('\n'),
);
let thread: BulkThread;

beforeEach(() => {
  thread = new BulkThread();
});
afterEach(() => thread.close());

test('prepares exactly what is prepared without a thread', async () => {
  const analyzers = await new AnalyzerPool().forFields(settings);
  const expected = runSteps(prepareBulk({ lines }, settings, analyzers));
  const { file, ...prepared } = await thread.prepare({ lines }, settings);
  expect(prepared).toEqual({ outcomes: expected.outcomes, documents: expected.documents });
  expect({ ...file, bytes: [...file.bytes] }).toEqual({ ...expected.file, bytes: [...expected.file.bytes] });
});

test('answers each of many requests with its own', async () => {
  const ids = Array.from({ length: 20 }, (_, i) => `d${i}`);
  const prepared = await Promise.all(
    ids.map((id) => thread.prepare({ values: [{ id, fields: { title: id } }] }, settings)),
  );
  expect(prepared.map(({ documents }) => documents[0]!.id)).toEqual(ids);
});

test('a thread that is lost fails what it had to do, and the next request gets another', async () => {
  const lost = thread.prepare({ lines }, settings);
  const rejected = expect(lost).rejects.toMatchObject({ status: 503, code: 'SEARCH_BULK_LOST' });
  await thread.close();
  await rejected;
  expect((await thread.prepare({ lines }, settings)).documents).toHaveLength(1);
});

test('a failure inside the thread is the failure of that request alone', async () => {
  const broken = { ...settings, language: 'tlh' };
  await expect(thread.prepare({ lines }, broken)).rejects.toThrow();
  expect((await thread.prepare({ lines }, settings)).outcomes).toHaveLength(4);
});
