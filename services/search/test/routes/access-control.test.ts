import fc from 'fast-check';
import type { SearchReply } from '../../src/api/search-reply.ts';
import { createSearchDatabase } from '../harness/search-database.ts';
import type { SearchDatabase } from '../harness/search-database.ts';
import { startSearch } from '../harness/start-search.ts';
import type { SentDocument, TestSearch } from '../harness/start-search.ts';

let database: SearchDatabase;
let service: TestSearch;
let counter = 0;

beforeAll(async () => {
  database = await createSearchDatabase();
  service = await startSearch(database);
});
afterAll(async () => {
  await service.close();
  await database.close();
});

const READER = { subject: 'ada', scopes: ['search:read'] };
const settings = {
  acl: true,
  fields: { title: { type: 'text' }, tag: { type: 'keyword' }, year: { type: 'integer' } },
  vector: { dimensions: 2 },
};
const secretWords = ['plutonium', 'merger', 'budget', 'information'];
const word = fc.constantFrom('information', 'retrieval', 'system', 'budget', ...secretWords);
const document = fc.record({
  title: fc.array(word, { minLength: 1, maxLength: 6 }).map((list) => list.join(' ')),
  tag: fc.constantFrom('a', 'b', 'secret'),
  year: fc.integer({ min: 1990, max: 1993 }),
  acl: fc.constantFrom<string[]>(['user:ada'], ['*'], ['user:bob'], [], ['user:ad'], ['group:x', 'user:ada']),
  vector: fc.tuple(fc.constantFrom(1, 2, -1), fc.constantFrom(1, -3, 0)).map(([x, y]) => [x, y]),
});
const documents = fc.array(document, { minLength: 3, maxLength: 14 });

async function fill(list: readonly SentDocument[]): Promise<string> {
  const name = `acl-${++counter}`;
  await service.putIndex(name, settings);
  // Several segments, so that masks meet more than one.
  for (let from = 0; from < list.length; from += 5) await service.putDocuments(name, list.slice(from, from + 5));
  return name;
}

/** Everything that a reader can learn by asking, without times and cursors. */
async function observe(name: string): Promise<unknown> {
  const requests = [
    {
      q: 'information budget',
      facets: [{ field: 'tag' }, { field: 'year', ranges: [{ from: 1991 }] }],
      highlight: {},
      limit: 100,
    },
    { q: 'plutonum', limit: 100 },
    { q: '"information system"', limit: 100 },
    { q: 'inf', prefix: true, limit: 100 },
    { q: '-information', facets: [{ field: 'tag' }], limit: 100 },
    { sort: [{ field: 'year', order: 'desc' }], filter: { op: 'eq', field: 'tag', value: 'secret' }, limit: 100 },
    { mode: 'vector', vector: [1, 0], limit: 100, facets: [{ field: 'tag' }] },
    { mode: 'hybrid', q: 'merger', vector: [1, 1], limit: 100 },
  ];
  const replies = [];
  for (const request of requests) {
    const { took_ms: _, next_cursor: _c, ...rest } = await service.search(name, request, READER);
    replies.push(rest);
  }
  for (const q of ['inf', 'plut', 'mergr', 'information b']) {
    const response = await service.fetch(`/v1/search/indexes/${name}/suggest?q=${encodeURIComponent(q)}`, {
      as: READER,
    });
    replies.push(await response.json());
  }
  const explained = await service.fetch(`/v1/search/indexes/${name}/explain`, {
    json: { id: 'd0', q: 'information' },
    as: READER,
  });
  const { request_id: _r, instance: _i, ...explanation } = (await explained.json()) as Record<string, unknown>;
  const index = (await (await service.fetch(`/v1/search/indexes/${name}`, { as: READER })).json()) as {
    documents: unknown;
  };
  return { replies, explanation, documents: index.documents };
}

test('whatever a reader asks, documents that it may not see change nothing in the answer', async () => {
  await fc.assert(
    fc.asyncProperty(documents, async (list) => {
      const all = list.map(({ acl, vector, ...fields }, i): SentDocument => ({ id: `d${i}`, fields, acl, vector }));
      const visible = all.filter(({ acl }) => acl!.some((principal) => ['user:ada', '*'].includes(principal)));
      // Document d0 is asked about by name: hidden or missing must be the same.
      expect(await observe(await fill(all))).toEqual(await observe(await fill(visible)));
    }),
    { numRuns: 8 },
  );
}, 240_000);

describe('with two documents', () => {
  let name: string;
  beforeAll(async () => {
    name = await fill([
      { id: 'mine', fields: { title: 'Public information' }, acl: ['user:ada'] },
      { id: 'theirs', fields: { title: 'Secret plutonium' }, acl: ['user:bob', 'group:nuclear'] },
    ]);
  });
  const ids = ({ data }: SearchReply): string[] => data.map(({ id }) => id).sort();

  test('principals may be named only by who administers search', async () => {
    const admin = { subject: 'backend', scopes: ['search:read', 'search:admin'] };
    expect(ids(await service.search(name, { principals: ['group:nuclear', 'user:ada'] }, admin))).toEqual([
      'mine',
      'theirs',
    ]);
    expect(ids(await service.search(name, { principals: ['group:nuclear'] }, admin))).toEqual(['theirs']);
    expect(ids(await service.search(name, {}, admin))).toEqual([]);
    const response = await service.fetch(`/v1/search/indexes/${name}/search`, {
      json: { principals: ['user:bob'] },
      as: READER,
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: 'SEARCH_PRINCIPALS_FORBIDDEN',
      errors: [{ pointer: '/principals' }],
    });
    const suggested = await service.fetch(`/v1/search/indexes/${name}/suggest?q=plu&principal=user:bob`, {
      as: READER,
    });
    expect(suggested.status).toBe(403);
  });

  test('a document that may not be seen is answered like one that is not there', async () => {
    for (const [path, json] of [
      ['documents/theirs', undefined],
      ['explain', { id: 'theirs', q: 'secret' }],
    ] as const) {
      const hidden = await service.fetch(`/v1/search/indexes/${name}/${path}`, { as: READER, ...(json && { json }) });
      expect([hidden.status, ((await hidden.json()) as { code: string }).code]).toEqual([
        404,
        'SEARCH_DOCUMENT_MISSING',
      ]);
    }
    expect((await service.fetch(`/v1/search/indexes/${name}/documents/mine`, { as: READER })).status).toBe(200);
  });

  test('a subject whose name looks like another principal gains nothing', async () => {
    for (const subject of ['*', 'bob,group:nuclear', 'user:bob', 'BOB', 'bob '])
      expect(ids(await service.search(name, {}, { subject, scopes: ['search:read'] }))).toEqual([]);
  });

  test('a document taken from a reader is gone from the next search', async () => {
    const other = await fill([{ id: 'mine', fields: { title: 'Public information' }, acl: ['user:ada'] }]);
    expect(ids(await service.search(other, {}, READER))).toEqual(['mine']);
    await service.putDocuments(other, [{ id: 'mine', fields: { title: 'Public information' }, acl: ['user:bob'] }]);
    expect(ids(await service.search(other, {}, READER))).toEqual([]);
  });

  test('counts of the whole index are for who administers search', async () => {
    expect((await service.fetch(`/v1/search/indexes/${name}/stats`, { as: READER })).status).toBe(403);
    expect(
      (
        await service.fetch(`/v1/search/indexes/${name}/evaluate`, {
          json: { queries: [{ id: '1', q: 'x' }], qrels: {} },
          as: READER,
        })
      ).status,
    ).toBe(403);
  });
});
