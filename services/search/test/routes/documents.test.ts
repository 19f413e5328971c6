import { createSearchDatabase } from '../harness/search-database.ts';
import type { SearchDatabase } from '../harness/search-database.ts';
import { startSearch } from '../harness/start-search.ts';
import type { TestSearch } from '../harness/start-search.ts';

let database: SearchDatabase;
let service: TestSearch;

beforeAll(async () => {
  database = await createSearchDatabase();
  service = await startSearch(database, { SEARCH_BULK_MAX_BYTES: 1_000_000 });
  await service.putIndex('books', {
    fields: {
      title: { type: 'text' },
      tag: { type: 'keyword' },
      year: { type: 'integer' },
      day: { type: 'date' },
      sold: { type: 'boolean' },
      price: { type: 'number' },
    },
  });
});
afterAll(async () => {
  await service.close();
  await database.close();
});

const bulk = (body: string | Buffer, type = 'application/x-ndjson', index = 'books'): Promise<Response> =>
  service.fetch(`/v1/search/indexes/${index}/documents`, { method: 'POST', body, headers: { 'content-type': type } });
interface Item {
  id: string | null;
  line: number;
  status: number;
  code?: string;
  errors?: { pointer: string; detail: string }[];
}
const items = async (response: Response): Promise<Item[]> => ((await response.json()) as { data: Item[] }).data;

test('gives every line a result of its own, and writes the valid ones', async () => {
  const response = await bulk(
    [
      '{"id":"1","fields":{"title":"One","year":1999}}',
      '',
      '{"id":"2","fields":{"title":7,"year":1.5,"colour":"red","day":"2024-02-30"}}',
      'not json',
      '{"fields":{}}',
      '{"id":"1","fields":{"title":"One revised"}}',
      '{"id":"3","fields":{"title":["Three","Drei"],"tag":["a","b"],"sold":true,"price":1e3,"day":"2024-02-29T10:00:00+01:00","year":null}}',
    ].join('\r\n'),
  );
  expect(response.status).toBe(207);
  const results = await items(response);
  expect(results.map(({ id, line, status }) => [id, line, status])).toEqual([
    ['1', 1, 201],
    ['2', 3, 400],
    [null, 4, 400],
    [null, 5, 400],
    ['1', 6, 200],
    ['3', 7, 201],
  ]);
  expect(results[1]!.errors).toEqual([
    { pointer: '/fields/title', detail: 'must be a string' },
    { pointer: '/fields/year', detail: 'must be a whole number' },
    { pointer: '/fields/colour', detail: 'the index has no such field' },
    { pointer: '/fields/day', detail: 'must be an RFC 3339 date or date-time' },
  ]);
  expect(results[2]!.code).toBe('SEARCH_DOCUMENT_MALFORMED');
  expect(results[3]!.errors![0]!.pointer).toBe('/id');
  expect((await service.search('books', { q: 'revised' })).data).toEqual([
    expect.objectContaining({ id: '1', fields: { title: 'One revised' } }),
  ]);
  expect((await service.search('books', { q: 'drei' })).total).toBe(1);
});

test('takes a JSON body too, and returns fields as they were sent', async () => {
  const fields = { title: 'Züge\u0000 𝒳 "quoted" \\ back', tag: 'line\nbreak' };
  const response = await bulk(JSON.stringify({ documents: [{ id: 'ünïcode/1', fields }] }), 'application/json');
  expect((await items(response)).map(({ status }) => status)).toEqual([201]);
  const got = await service.fetch(`/v1/search/indexes/books/documents/${encodeURIComponent('ünïcode/1')}`);
  expect(await got.json()).toMatchObject({ object: 'search.document', id: 'ünïcode/1', fields });
});

test('replaces whole documents: what the old version said is no longer found', async () => {
  await service.putDocuments('books', [{ id: 'r', fields: { title: 'former wording', tag: 'old' } }]);
  expect(await service.putDocuments('books', [{ id: 'r', fields: { title: 'present phrasing' } }])).toEqual([200]);
  expect((await service.search('books', { q: 'former wording', typo: false })).total).toBe(0);
  expect((await service.search('books', { q: 'phrasing' })).data.map(({ id }) => id)).toEqual(['r']);
  expect((await service.search('books', { filter: { op: 'eq', field: 'tag', value: 'old' } })).total).toBe(0);
});

test('removes documents one by one and many at once', async () => {
  await service.putDocuments(
    'books',
    ['x1', 'x2', 'x3'].map((id) => ({ id, fields: { title: 'ephemeral' } })),
  );
  const one = await service.fetch('/v1/search/indexes/books/documents/x1', { method: 'DELETE' });
  expect(one.status).toBe(204);
  expect((await service.fetch('/v1/search/indexes/books/documents/x1', { method: 'DELETE' })).status).toBe(404);
  expect((await service.fetch('/v1/search/indexes/books/documents/x1')).status).toBe(404);
  const many = await service.fetch('/v1/search/indexes/books/documents/delete', { json: { ids: ['x2', 'x1', 'x3'] } });
  expect(many.status).toBe(207);
  expect((await items(many)).map(({ id, status }) => [id, status])).toEqual([
    ['x2', 200],
    ['x1', 404],
    ['x3', 200],
  ]);
  expect((await service.search('books', { q: 'ephemeral', typo: false })).total).toBe(0);
});

test.each([
  ['an empty body', '\n \n', 'application/x-ndjson', 400],
  ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'application/x-ndjson', 400],
  ['another type', '{}', 'text/plain', 415],
  ['a JSON body of another shape', '{"docs":[]}', 'application/json', 400],
  ['too many documents', '{"id":"x"}\n'.repeat(50_001), 'application/x-ndjson', 400],
  ['more than the limit', 'x'.repeat(1_000_001), 'application/x-ndjson', 413],
])('refuses %s', async (_name, body, type, status) => {
  const response = await bulk(body, type);
  expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
});

test.each([
  ['a list', [], ''],
  ['a number', 1, ''],
  ['an id that is too long', { id: 'x'.repeat(513), fields: {} }, '/id'],
  ['an id with a zero character', { id: 'a\0b', fields: {} }, '/id'],
  ['an unknown member', { id: 'a', fields: {}, 'meta/x': 1 }, '/meta~1x'],
  ['fields that are no object', { id: 'a', fields: [] }, '/fields'],
  ['one wrong value of several', { id: 'a', fields: { tag: ['ok', 1] } }, '/fields/tag/1'],
  ['an inherited name as a field', { id: 'a', fields: { constructor: 'x' } }, '/fields/constructor'],
  ['a keyword that is too long', { id: 'a', fields: { tag: 'x'.repeat(513) } }, '/fields/tag'],
  ['an access list on an index without access control', { id: 'a', fields: {}, acl: ['user:a'] }, '/acl'],
  ['a vector on an index without vectors', { id: 'a', fields: {}, vector: [1] }, '/vector'],
])('takes a document that is %s for wrong, and says where', async (_name, document, pointer) => {
  const [result] = await items(await bulk(JSON.stringify(document)));
  expect([result!.status, result!.errors!.map((error) => error.pointer)]).toEqual([400, [pointer]]);
});

test('a large bulk is written like a small one', async () => {
  const words = 'filler '.repeat(30);
  const documents = Array.from({ length: 900 }, (_, i) => ({
    id: `big${i}`,
    fields: { title: `${words} large${i % 3}` },
  }));
  expect(new Set(await service.putDocuments('books', documents))).toEqual(new Set([201]));
  expect((await service.search('books', { q: 'large1' })).total).toBe(300);
});

test('a bulk of nothing but wrong lines writes nothing', async () => {
  const before = (await (await service.fetch('/v1/search/indexes/books')).json()) as { documents: number };
  await bulk('{"id":1}\n{"id":2}');
  const after = (await (await service.fetch('/v1/search/indexes/books')).json()) as { documents: number };
  expect(after.documents).toBe(before.documents);
});

test('many small writes end in few segments that hold exactly the documents that are left', async () => {
  await service.putIndex('small', { fields: { title: { type: 'text' }, n: { type: 'integer' } } });
  for (let n = 0; n < 60; n++)
    await service.putDocuments('small', [{ id: `d${n % 40}`, fields: { title: `word${n} common`, n } }]);
  await service.deps.engine.merger.idle();
  const { total, data } = await service.search('small', { q: 'common', limit: 100 });
  expect(total).toBe(40);
  expect(new Set(data.map(({ fields }) => fields.n))).toEqual(new Set(Array.from({ length: 40 }, (_, i) => i + 20)));
  const stats = (await (await service.fetch('/v1/search/indexes/small/stats')).json()) as {
    segments: number;
    documents: number;
  };
  expect(stats.documents).toBe(40);
  expect(stats.segments).toBeLessThan(10);
});
