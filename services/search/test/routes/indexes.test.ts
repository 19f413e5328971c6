import { createSearchDatabase } from '../harness/search-database.ts';
import type { SearchDatabase } from '../harness/search-database.ts';
import { startSearch } from '../harness/start-search.ts';
import type { TestSearch } from '../harness/start-search.ts';

let database: SearchDatabase;
let service: TestSearch;

beforeAll(async () => {
  database = await createSearchDatabase();
  service = await startSearch(database);
});
afterAll(async () => {
  await service.close();
  await database.close();
});

const settings = { fields: { title: { type: 'text' } } };
const put = (name: string, json: object, headers: Record<string, string> = {}): Promise<Response> =>
  service.fetch(`/v1/search/indexes/${name}`, { method: 'PUT', json, headers });
const problem = async (response: Response): Promise<{ status: number; code: string; errors?: { pointer: string }[] }> =>
  (await response.json()) as never;

test('makes an index once, with the defaults filled in, and the same again changes nothing', async () => {
  const made = await put('made', settings);
  expect(made.status).toBe(201);
  expect(await made.json()).toMatchObject({
    object: 'search.index',
    id: 'made',
    name: 'made',
    revision: 1,
    documents: 0,
    settings: {
      fields: { title: { type: 'text', weight: 1 } },
      language: 'en',
      bm25: { k1: 1.2, b: 0.75 },
      acl: false,
    },
  });
  const again = await put('made', settings);
  expect([again.status, again.headers.get('etag')]).toEqual([200, made.headers.get('etag')]);
});

test('lists indexes by name in pages that an insert does not disturb', async () => {
  const as = { tenant: 'lister' };
  for (const name of ['a', 'c', 'e']) await service.putIndex(name, settings, as);
  const list = async (query: string): Promise<{ data: { name: string }[]; has_more: boolean; last_id: string }> =>
    (await (await service.fetch(`/v1/search/indexes?${query}`, { as })).json()) as never;
  const first = await list('limit=2');
  expect([first.data.map(({ name }) => name), first.has_more]).toEqual([['a', 'c'], true]);
  await service.putIndex('b', settings, as);
  const second = await list(`limit=2&after=${first.last_id}`);
  expect([second.data.map(({ name }) => name), second.has_more]).toEqual([['e'], false]);
  expect((await list('limit=2&before=e')).data.map(({ name }) => name)).toEqual(['b', 'c']);
});

test('answers a missing index with a 404 wherever it is named', async () => {
  const paths: [string, string, object?][] = [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/search', {}],
    ['POST', '/documents', { documents: [{ id: 'a', fields: {} }] }],
    ['POST', '/documents/delete', { ids: ['a'] }],
    ['GET', '/documents/a'],
    ['DELETE', '/documents/a'],
    ['GET', '/suggest?q=a'],
    ['POST', '/explain', { id: 'a' }],
    ['POST', '/evaluate', { queries: [{ id: '1', q: 'a' }], qrels: { 1: { a: 1 } } }],
    ['GET', '/stats'],
  ];
  for (const [method, path, json] of paths) {
    const response = await service.fetch(`/v1/search/indexes/missing${path}`, { method, ...(json && { json }) });
    expect([path, response.status, (await problem(response)).code]).toEqual([path, 404, 'SEARCH_INDEX_MISSING']);
  }
});

test('If-Match lets one of two changes through, and If-None-Match: * makes only what is not there', async () => {
  const etag = (await put('guarded', settings)).headers.get('etag')!;
  const heavier = { fields: { title: { type: 'text', weight: 2 } } };
  expect((await put('guarded', heavier, { 'if-match': etag })).status).toBe(200);
  expect((await put('guarded', settings, { 'if-match': etag })).status).toBe(412);
  expect((await put('guarded', settings, { 'if-none-match': '*' })).status).toBe(412);
  expect((await put('never-made', settings, { 'if-match': '*' })).status).toBe(412);
  expect((await put('only-new', settings, { 'if-none-match': '*' })).status).toBe(201);
});

test('an index made anew under an old name has another entity tag', async () => {
  const before = (await put('phoenix', settings)).headers.get('etag');
  expect((await service.fetch('/v1/search/indexes/phoenix', { method: 'DELETE' })).status).toBe(204);
  expect((await put('phoenix', settings)).headers.get('etag')).not.toBe(before);
});

test('of many who make the same index at once one makes it', async () => {
  const statuses = await Promise.all(Array.from({ length: 6 }, async () => (await put('contested', settings)).status));
  expect(statuses.sort()).toEqual([200, 200, 200, 200, 200, 201]);
});

test('after documents came, what they were indexed by is fixed, and the rest is free', async () => {
  const original = { fields: { title: { type: 'text' }, year: { type: 'integer' } }, language: 'en' };
  await service.putIndex('fixed', original);
  await service.putDocuments('fixed', [{ id: 'a', fields: { title: 'Running cars', year: 1 } }]);
  const refused = await put('fixed', {
    fields: { title: { type: 'text', language: 'de' }, year: { type: 'keyword' } },
    language: 'fr',
    acl: true,
  });
  expect(refused.status).toBe(409);
  const { code, errors } = await problem(refused);
  expect(code).toBe('SEARCH_REINDEX_NEEDED');
  expect(errors!.map(({ pointer }) => pointer)).toEqual([
    '/language',
    '/acl',
    '/fields/title/language',
    '/fields/year/type',
  ]);
  const gone = await put('fixed', { fields: { title: { type: 'text' } } });
  expect((await problem(gone)).errors).toEqual([expect.objectContaining({ pointer: '/fields/year' })]);
  const changed = {
    ...original,
    fields: { ...original.fields, note: { type: 'text' } },
    synonyms: [['car', 'automobile']],
    bm25: { k1: 2, b: 0 },
  };
  expect((await put('fixed', changed)).status).toBe(200);
  expect((await service.search('fixed', { q: 'automobile' })).data.map(({ id }) => id)).toEqual(['a']);
  expect(await service.putDocuments('fixed', [{ id: 'b', fields: { note: 'a car' } }])).toEqual([201]);
  expect((await service.search('fixed', { q: 'car' })).total).toBe(2);
});

test('an index that never held a document may change in every way', async () => {
  await service.putIndex('young', settings);
  expect(
    (await put('young', { fields: { title: { type: 'keyword' } }, acl: true, vector: { dimensions: 3 } })).status,
  ).toBe(200);
  expect((await put('young', { fields: { title: { type: 'keyword' } }, vector: { dimensions: 4 } })).status).toBe(200);
});

test('removing an index removes all its rows', async () => {
  await service.putIndex('removed', { ...settings, vector: { dimensions: 2 } });
  await service.putDocuments('removed', [{ id: 'a', fields: { title: 'x' }, vector: [1, 0] }]);
  const [row] = await database.admin("SELECT index_id FROM search.indexes WHERE name = 'removed'");
  expect((await service.fetch('/v1/search/indexes/removed', { method: 'DELETE' })).status).toBe(204);
  for (const table of ['indexes', 'documents', 'segments', 'tombstones'])
    expect(await database.admin(`SELECT FROM search.${table} WHERE index_id = $1`, [row!.index_id])).toEqual([]);
  const orphans =
    'SELECT FROM search.segment_chunks c WHERE NOT EXISTS (SELECT FROM search.segments s WHERE s.segment_id = c.segment_id)';
  expect(await database.admin(orphans)).toEqual([]);
  expect(await database.admin('SELECT to_regclass($1) AS name', [`search.vectors_${row!.index_id}`])).toEqual([
    { name: null },
  ]);
});

test.each([
  ['no fields', { fields: {} }, '/fields'],
  ['an unknown type', { fields: { title: { type: 'varchar' } } }, '/fields/title/type'],
  ['a field name with a colon', { fields: { 'a:b': { type: 'text' } } }, '/fields/a:b'],
  ['an unknown language', { fields: { title: { type: 'text', language: 'tlh' } } }, '/fields/title/language'],
  ['a weight of zero', { fields: { title: { type: 'text', weight: 0 } } }, '/fields/title/weight'],
  ['too many dimensions', { fields: { title: { type: 'text' } }, vector: { dimensions: 5_000 } }, '/vector/dimensions'],
  ['an unknown setting', { fields: { title: { type: 'text' } }, analyser: 'x' }, ''],
])('refuses %s with a pointer', async (_name, json, pointer) => {
  const response = await put('refused', json);
  expect(response.status).toBe(400);
  expect((await problem(response)).errors!.map((error) => error.pointer)).toContain(pointer);
});

test.each(['UPPER', 'a b', '-dash', 'x'.repeat(65)])('refuses the name "%s"', async (name) => {
  expect((await put(encodeURIComponent(name), settings)).status).toBe(400);
});
