import { createSearchDatabase } from '../harness/search-database.ts';
import type { SearchDatabase } from '../harness/search-database.ts';
import { startSearch } from '../harness/start-search.ts';
import type { SentDocument, TestSearch } from '../harness/start-search.ts';

const DIMENSIONS = 16;
const COUNT = 2_400;

/** Numbers that look random and are the same every time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}
const random = generator(7);
const vector = (): number[] => Array.from({ length: DIMENSIONS }, () => Math.round(random() * 1_000) / 1_000);
const documents = Array.from({ length: COUNT }, (_, i): SentDocument => ({
  id: `d${i}`,
  fields: { title: i % 2 === 0 ? 'even number' : 'odd number', group: `g${i % 100}` },
  acl: i % 50 === 0 ? ['user:ada'] : ['user:bob'],
  vector: vector(),
}));
const cosine = (a: readonly number[], b: readonly number[]): number => {
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};
const exactly = (query: readonly number[], among: readonly SentDocument[], limit: number): string[] =>
  [...among]
    .sort((a, b) => cosine(b.vector!, query) - cosine(a.vector!, query))
    .slice(0, limit)
    .map(({ id }) => id);
const recall = (found: readonly string[], wanted: readonly string[]): number =>
  wanted.filter((id) => found.includes(id)).length / wanted.length;

describe.each([
  ['with pgvector', true, 'hnsw', 0.95],
  ['without pgvector', false, 'exact', 1],
] as const)('%s', (_name, hasPgvector, engine, wantedRecall) => {
  let database: SearchDatabase;
  let service: TestSearch;
  const queries = Array.from({ length: 8 }, vector);

  beforeAll(async () => {
    database = await createSearchDatabase({ vector: hasPgvector });
    service = await startSearch(database);
    const fields = { title: { type: 'text' }, group: { type: 'keyword' } };
    await service.putIndex('plain', { fields, vector: { dimensions: DIMENSIONS } });
    await service.putIndex('guarded', { fields, vector: { dimensions: DIMENSIONS }, acl: true });
    for (let from = 0; from < COUNT; from += 1_000) {
      await service.putDocuments(
        'plain',
        documents.slice(from, from + 1_000).map(({ acl: _, ...rest }) => rest),
      );
      await service.putDocuments('guarded', documents.slice(from, from + 1_000));
    }
  });
  afterAll(async () => {
    await service.close();
    await database.close();
  });

  test('finds the nearest, says how, and gives the similarity as score', async () => {
    const recalls = [];
    for (const query of queries) {
      const { data, vector_engine } = await service.search('plain', { mode: 'vector', vector: query, limit: 10 });
      expect([vector_engine, data.length]).toEqual([engine, 10]);
      for (const { id, score } of data)
        expect(score).toBeCloseTo(cosine(query, documents[Number(id.slice(1))]!.vector!), 4);
      recalls.push(
        recall(
          data.map(({ id }) => id),
          exactly(query, documents, 10),
        ),
      );
    }
    expect(recalls.reduce((sum, value) => sum + value, 0) / recalls.length).toBeGreaterThanOrEqual(wantedRecall);
  });

  test('a filter that one in a hundred passes leaves as many as were asked for, and the right ones', async () => {
    const passing = documents.filter(({ fields }) => fields.group === 'g7');
    for (const query of queries) {
      const filter = { op: 'eq', field: 'group', value: 'g7' };
      const { data } = await service.search('plain', { mode: 'vector', vector: query, filter, limit: 10 });
      expect(data.map(({ id }) => id)).toEqual(exactly(query, passing, 10));
    }
  });

  test('a filter that most pass is kept too', async () => {
    const passing = documents.filter(({ fields }) => fields.group !== 'g7');
    const filter = { op: 'not', filter: { op: 'eq', field: 'group', value: 'g7' } };
    for (const query of queries) {
      const { data } = await service.search('plain', { mode: 'vector', vector: query, filter, limit: 20 });
      expect(data).toHaveLength(20);
      expect(data.filter(({ fields }) => fields.group === 'g7')).toEqual([]);
      expect(
        recall(
          data.map(({ id }) => id),
          exactly(query, passing, 20),
        ),
      ).toBeGreaterThanOrEqual(0.9);
    }
  });

  test('a reader who may see one document in fifty still gets as many as asked for', async () => {
    const visible = documents.filter(({ acl }) => acl!.includes('user:ada'));
    for (const query of queries) {
      const { data } = await service.search(
        'guarded',
        { mode: 'vector', vector: query, limit: 15 },
        { subject: 'ada', scopes: ['search:read'] },
      );
      expect(data.map(({ id }) => id)).toEqual(exactly(query, visible, 15));
    }
  });

  test('words left out by a hybrid search are left out of both legs, and pages go together', async () => {
    const request = { mode: 'hybrid', q: 'number -odd', vector: queries[0], limit: 8 };
    const first = await service.search('plain', request);
    const second = await service.search('plain', { ...request, cursor: first.next_cursor });
    const ids = [...first.data, ...second.data].map(({ id }) => id);
    expect(new Set(ids).size).toBe(16);
    expect(ids.every((id) => Number(id.slice(1)) % 2 === 0)).toBe(true);
    expect(first.fusion).toMatchObject({ method: 'mixture' });
  });

  test('a removed document and a replaced vector are gone from the next search', async () => {
    await service.putIndex('moving', {
      fields: { title: { type: 'text' } },
      vector: { dimensions: 2, metric: 'euclidean' },
    });
    await service.putDocuments('moving', [
      { id: 'a', fields: {}, vector: [0, 0] },
      { id: 'b', fields: {}, vector: [1, 0] },
      { id: 'c', fields: {} },
    ]);
    const nearest = async (): Promise<unknown[]> =>
      (await service.search('moving', { mode: 'vector', vector: [0, 0] })).data.map(({ id, score }) => [id, score]);
    expect(await nearest()).toEqual([
      ['a', 1],
      ['b', 0.5],
    ]);
    await service.putDocuments('moving', [{ id: 'a', fields: {}, vector: [3, 0] }]);
    expect(await nearest()).toEqual([
      ['b', 0.5],
      ['a', 0.25],
    ]);
    await service.fetch('/v1/search/indexes/moving/documents/b', { method: 'DELETE' });
    expect(await nearest()).toEqual([['a', 0.25]]);
  });

  test.each([
    ['of the wrong length', [1, 2], 'must be an array of 16 numbers'],
    ['of zeros', Array(DIMENSIONS).fill(0), 'must not be all zeros: it has no direction'],
    ['with a number beyond 32 bits', [1e39, ...Array<number>(DIMENSIONS - 1).fill(1)], 'must hold finite numbers only'],
  ])('refuses a vector %s, in documents and in searches', async (_case, wrong, detail) => {
    const response = await service.fetch('/v1/search/indexes/plain/search', {
      json: { mode: 'vector', vector: wrong },
    });
    expect(await response.json()).toMatchObject({ status: 400, errors: [{ pointer: '/vector', detail }] });
    expect(await service.putDocuments('plain', [{ id: 'wrong', fields: {}, vector: wrong }])).toEqual([400]);
  });
});
