import type { SearchReply } from '../../src/api/search-reply.ts';
import { createSearchDatabase } from '../harness/search-database.ts';
import type { SearchDatabase } from '../harness/search-database.ts';
import { startSearch } from '../harness/start-search.ts';
import type { TestSearch } from '../harness/start-search.ts';

let database: SearchDatabase;
let service: TestSearch;

beforeAll(async () => {
  database = await createSearchDatabase();
  service = await startSearch(database);
  await service.putIndex('books', {
    fields: {
      title: { type: 'text', weight: 3 },
      body: { type: 'text' },
      tag: { type: 'keyword' },
      year: { type: 'integer' },
      day: { type: 'date' },
      sold: { type: 'boolean' },
    },
    synonyms: [['car', 'automobile']],
  });
  await service.putDocuments('books', [
    {
      id: 'ir',
      fields: {
        title: 'Information retrieval',
        body: 'Ranking documents by the words they hold',
        tag: ['search', 'text'],
        year: 1999,
        day: '1999-05-01',
        sold: true,
      },
    },
    {
      id: 'os',
      fields: {
        title: 'Operating systems',
        body: 'Time sharing, batch and information flow',
        tag: 'systems',
        year: 2004,
        day: '2004-01-31T12:00:00Z',
      },
    },
    {
      id: 'car',
      fields: {
        title: 'Cars',
        body: 'Every automobile has wheels',
        tag: ['machines', 'text'],
        year: 2004,
        sold: false,
      },
    },
  ]);
});
afterAll(async () => {
  await service.close();
  await database.close();
});

const ids = ({ data }: SearchReply): string[] => data.map(({ id }) => id);
const ask = (json: object, path = 'search'): Promise<Response> =>
  service.fetch(`/v1/search/indexes/books/${path}`, { json });

test('ranks by words, with the weights of the fields', async () => {
  expect(ids(await service.search('books', { q: 'information' }))).toEqual(['ir', 'os']);
  expect(ids(await service.search('books', { q: 'information', fields: { body: 1 } }))).toEqual(['os']);
});

test('without words every document is found, in the order in which they came', async () => {
  const { data, total } = await service.search('books', {});
  expect([data.map(({ id, score }) => [id, score]), total]).toEqual([
    [
      ['ir', 0],
      ['os', 0],
      ['car', 0],
    ],
    3,
  ]);
});

test('filters, sorts and counts', async () => {
  const reply = await service.search('books', {
    filter: {
      op: 'or',
      filters: [
        { op: 'eq', field: 'tag', value: 'text' },
        { op: 'range', field: 'day', gte: '2004-01-31T13:00:00+01:00' },
      ],
    },
    sort: [
      { field: 'year', order: 'desc' },
      { field: 'tag', order: 'asc' },
    ],
    facets: [
      { field: 'tag', size: 2 },
      { field: 'year', ranges: [{ to: 2000 }, { from: 2000 }] },
      { field: 'day' },
      { field: 'sold' },
    ],
  });
  expect(ids(reply)).toEqual(['car', 'os', 'ir']);
  expect(reply.facets).toEqual([
    {
      field: 'tag',
      distinct: 4,
      values: [
        { value: 'text', count: 2 },
        { value: 'machines', count: 1 },
      ],
    },
    {
      field: 'year',
      distinct: 2,
      ranges: [
        { from: null, to: 2000, count: 1 },
        { from: 2000, to: null, count: 2 },
      ],
      min: 1999,
      max: 2004,
    },
    {
      field: 'day',
      distinct: 2,
      values: [
        { value: '1999-05-01T00:00:00.000Z', count: 1 },
        { value: '2004-01-31T12:00:00.000Z', count: 1 },
      ],
      min: '1999-05-01T00:00:00.000Z',
      max: '2004-01-31T12:00:00.000Z',
    },
    {
      field: 'sold',
      distinct: 2,
      values: [
        { value: false, count: 1 },
        { value: true, count: 1 },
      ],
    },
  ]);
});

test('highlights every field that matches, with offsets into the field', async () => {
  const { data } = await service.search('books', { q: 'automobiles "time sharing"', highlight: {} });
  const fragments = data.flatMap(({ fields, highlights }) =>
    highlights!.flatMap((each) =>
      each.fragments.map((fragment) => ({ whole: fields[each.field] as string, ...fragment })),
    ),
  );
  for (const { whole, text, start, end } of fragments) expect(whole.slice(start, end)).toBe(text);
  const marked = fragments.flatMap(({ whole, spans }) => spans.map(({ start, end }) => whole.slice(start, end)));
  expect(marked).toEqual(['Cars', 'automobile', 'Time', 'sharing']);
  expect(data.map(({ id, highlights }) => [id, highlights!.map(({ field }) => field)])).toEqual([
    ['car', ['title', 'body']],
    ['os', ['body']],
  ]);
});

test('says how it read a word that no document holds, unless it must not', async () => {
  const reply = await service.search('books', { q: 'retreival' });
  expect([ids(reply), reply.corrections]).toEqual([['ir'], [{ from: 'retreival', to: ['retrieval'] }]]);
  expect((await service.search('books', { q: 'retreival', typo: false })).total).toBe(0);
});

test('returns only the fields asked for', async () => {
  const { data } = await service.search('books', { q: 'retrieval', return_fields: ['year'] });
  expect(data[0]!.fields).toEqual({ year: 1999 });
  expect((await service.search('books', { q: 'retrieval', return_fields: [] })).data[0]!.fields).toEqual({});
});

test('completes the last word by the documents that hold the words before it', async () => {
  const suggest = async (q: string, more = ''): Promise<unknown> =>
    (
      (await (await service.fetch(`/v1/search/indexes/books/suggest?q=${encodeURIComponent(q)}${more}`)).json()) as {
        data: unknown;
      }
    ).data;
  expect(await suggest('Time sh')).toEqual([{ text: 'Time sharing', word: 'sharing', documents: 1, edits: 0 }]);
  expect(await suggest('cars sh')).toEqual([]);
  expect(await suggest('info')).toEqual([{ text: 'information', word: 'information', documents: 2, edits: 0 }]);
  expect(await suggest('retrei')).toEqual([{ text: 'retrieval', word: 'retrieval', documents: 1, edits: 1 }]);
  expect(await suggest('retrei', '&typo=false')).toEqual([]);
  expect(await suggest('information ')).toEqual([]);
  expect(await suggest('')).toEqual([]);
});

test('an explanation adds up to the score of the search', async () => {
  const q = 'informatoin retrieval "ranking documents" automobile';
  const { data } = await service.search('books', { q });
  for (const { id, score } of data) {
    const explanation = (await (await ask({ id, q }, 'explain')).json()) as {
      score: number;
      documents: number;
      clauses: { score: number }[];
    };
    expect(explanation.score).toBeCloseTo(score, 10);
    expect(explanation.clauses.reduce((sum, clause) => sum + clause.score, 0)).toBeCloseTo(score, 10);
    expect(explanation.documents).toBe(3);
  }
});

test('evaluates judged queries, and ignores those without judgements', async () => {
  const response = await ask(
    {
      queries: [
        { id: '1', q: 'information' },
        { id: '2', q: 'x' },
      ],
      qrels: { 1: { os: 1 } },
    },
    'evaluate',
  );
  expect(await response.json()).toEqual({
    mean: expect.objectContaining({ average_precision: 0.5, reciprocal_rank: 0.5, precision_10: 0.1 }),
    queries: [{ id: '1', metrics: expect.objectContaining({ ndcg_10: expect.closeTo(1 / Math.log2(3), 12) }) }],
  });
});

test('of several searches in one request one that fails fails alone', async () => {
  const response = await service.fetch('/v1/search/multi-search', {
    json: {
      searches: [
        { index: 'books', q: 'cars' },
        { index: 'missing', q: 'x' },
        { index: 'books', sort: [{ field: 'title' }] },
      ],
    },
  });
  const { data } = (await response.json()) as { data: { status: number; result?: SearchReply; error?: object }[] };
  expect(data.map(({ status }) => status)).toEqual([200, 404, 400]);
  expect(ids(data[0]!.result!)).toEqual(['car']);
  expect(data[1]!.error).toMatchObject({ code: 'SEARCH_INDEX_MISSING' });
  expect(data[2]!.error).toMatchObject({ errors: [{ pointer: '/sort/0/field' }] });
});

test('tells what an index consists of', async () => {
  const stats = await (await service.fetch('/v1/search/indexes/books/stats')).json();
  expect(stats).toMatchObject({
    documents: 3,
    deleted_documents: 0,
    segments: 1,
    fields: { title: { average_length: 5 / 3 } },
  });
});

test.each([
  ['a query that is no text', { q: 1 }, '/q'],
  ['an unknown member', { query: 'x' }, ''],
  ['too many hits', { limit: 1_001 }, '/limit'],
  ['a filter of an unknown kind', { filter: { op: 'like', field: 'tag', value: 'x' } }, '/filter/op'],
  [
    'a filter on a field that is not there',
    { filter: { op: 'not', filter: { op: 'exists', field: 'nope' } } },
    '/filter/filter/field',
  ],
  [
    'a filter by a value of another type',
    { filter: { op: 'and', filters: [{ op: 'eq', field: 'year', value: 'x' }] } },
    '/filter/filters/0/value',
  ],
  ['a facet on text', { facets: [{ field: 'tag' }, { field: 'title' }] }, '/facets/1/field'],
  ['ranges of keywords', { facets: [{ field: 'tag', ranges: [{ from: 1 }] }] }, '/facets/0/ranges'],
  ['a range bound of another type', { facets: [{ field: 'day', ranges: [{ from: 5 }] }] }, '/facets/0/ranges/0/from'],
  ['sorting by text', { sort: [{ field: 'title' }] }, '/sort/0/field'],
  ['weights for a field that is no text', { fields: { year: 2 } }, '/fields/year'],
  ['no field to search', { fields: {} }, '/fields'],
  ['highlighting a field that is no text', { highlight: { fields: ['tag'] } }, '/highlight/fields/0'],
  ['returning a field that is not there', { return_fields: ['title', 'nope'] }, '/return_fields/1'],
  ['a vector for words', { vector: [1] }, '/vector'],
  ['the mode vector without a vector', { mode: 'vector' }, '/vector'],
  ['a vector on an index without vectors', { mode: 'hybrid', vector: [1] }, '/vector'],
  ['more words than can be required', { match: 'all', q: 'word '.repeat(32).trim() }, '/q'],
  ['a cursor that is none', { cursor: 'abc' }, '/cursor'],
])('refuses %s, and points at it', async (_name, json, pointer) => {
  const response = await ask(json);
  const problem = (await response.json()) as { errors: { pointer: string }[] };
  expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
  expect(problem.errors.map((error) => error.pointer)).toContain(pointer);
});

test.each([
  ['quotes and operators', '"""---"- -" + ( ) && || ! ^ ~ * ? : \\ /'],
  ['zero characters', 'a\u0000b \u0000'],
  ['lone surrogates', '\ud800 x \udfff'],
  ['SQL', "'; DROP TABLE search.documents; --"],
  ['nothing but marks', '…!?,.'],
  ['a very long word', 'x'.repeat(4_000)],
  ['very many words', 'information '.repeat(300)],
])('takes %s as a query without failing', async (_name, q) => {
  for (const more of [{}, { prefix: true }, { match: q.length < 60 ? 'all' : 'any' }])
    expect((await ask({ q, highlight: {}, ...more })).status).toBe(200);
  expect(
    (await service.fetch(`/v1/search/indexes/books/suggest?q=${encodeURIComponent(q.slice(0, 500).toWellFormed())}`))
      .status,
  ).toBe(200);
});
