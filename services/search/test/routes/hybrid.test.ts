import { createSearchDatabase } from '../harness/search-database.ts';
import type { SearchDatabase } from '../harness/search-database.ts';
import { startSearch } from '../harness/start-search.ts';
import type { SentDocument, TestSearch } from '../harness/start-search.ts';

const TOPICS = 20;
const PER_TOPIC = 30;
let database: SearchDatabase;
let service: TestSearch;

let state = 3;
const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
const noise = (strength: number): number[] => Array.from({ length: TOPICS }, () => strength * (random() - 0.5));
const direction = (topic: number, strength: number): number[] =>
  noise(strength).map((value, i) => value + (i === topic ? 1 : 0));

/** Each topic has words of its own of which every document holds some, and a direction of its own. */
const documents = Array.from({ length: TOPICS * PER_TOPIC }, (_, i): SentDocument => {
  const topic = i % TOPICS;
  const words = Array.from({ length: 6 }, () =>
    random() < 0.6 ? `topic${topic}word${Math.floor(random() * 6)}` : `common${Math.floor(random() * 40)}`,
  );
  return { id: `d${i}`, fields: { text: words.join(' ') }, vector: direction(topic, 0.9) };
});
const qrels = Object.fromEntries(
  Array.from({ length: TOPICS }, (_, topic) => [
    `q${topic}`,
    Object.fromEntries(documents.filter((_d, i) => i % TOPICS === topic).map(({ id }) => [id, 1])),
  ]),
);
const queries = Array.from({ length: TOPICS }, (_, topic) => ({
  id: `q${topic}`,
  q: `topic${topic}word1 topic${topic}word2 common1 common2`,
  vector: direction(topic, 0.9),
}));

beforeAll(async () => {
  database = await createSearchDatabase();
  service = await startSearch(database);
  await service.putIndex('topics', {
    language: 'none',
    fields: { text: { type: 'text' } },
    vector: { dimensions: TOPICS },
  });
  await service.putDocuments('topics', documents);
});
afterAll(async () => {
  await service.close();
  await database.close();
});

interface Evaluation {
  mean: { ndcg_10: number; average_precision: number };
  tuning?: { vector_weight: number; shares: { vector_weight: number; mean: { ndcg_10: number } }[] };
}
async function evaluate(
  list: readonly { id: string; q: string; vector: number[] }[],
  search: { mode: string; hybrid?: object },
  tune = false,
): Promise<Evaluation> {
  const sent = search.mode === 'lexical' ? list.map(({ id, q }) => ({ id, q })) : list;
  const response = await service.fetch('/v1/search/indexes/topics/evaluate', {
    json: { queries: sent, qrels, search, tune },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Evaluation;
}

test.each([
  ['both legs good', queries],
  ['vectors of other queries', queries.map((query, i) => ({ ...query, vector: queries[(i + 7) % TOPICS]!.vector }))],
  ['vectors without meaning', queries.map((query) => ({ ...query, vector: noise(1) }))],
  ['no words', queries.map((query) => ({ ...query, q: '' }))],
  ['words that no document holds', queries.map((query) => ({ ...query, q: 'zzzzzzzz yyyyyyyy' }))],
])('with %s the fused ranking is no worse than the better leg', async (_name, list) => {
  const legs = [await evaluate(list, { mode: 'lexical' }), await evaluate(list, { mode: 'vector' })].map(
    ({ mean }) => mean.ndcg_10,
  );
  const fused = (await evaluate(list, { mode: 'hybrid' })).mean.ndcg_10;
  expect(fused).toBeGreaterThanOrEqual(Math.max(...legs) - 0.005);
});

test('two good legs together are better than either', async () => {
  const [lexical, vector, hybrid] = [
    await evaluate(queries, { mode: 'lexical' }),
    await evaluate(queries, { mode: 'vector' }),
    await evaluate(queries, { mode: 'hybrid' }),
  ].map(({ mean }) => mean.average_precision);
  expect(hybrid!).toBeGreaterThan(Math.max(lexical!, vector!));
});

test('the share found by tuning is by its making no worse than either leg', async () => {
  const { tuning } = await evaluate(queries, { mode: 'hybrid', hybrid: { guard: false } }, true);
  const at = (weight: number): number => tuning!.shares.find((share) => share.vector_weight === weight)!.mean.ndcg_10;
  expect(at(tuning!.vector_weight)).toBeGreaterThanOrEqual(Math.max(at(0), at(1)));
});

test('a hit tells the scores of both legs, and the reply how they were fused', async () => {
  const { data, fusion, vector_engine } = await service.search('topics', {
    mode: 'hybrid',
    q: queries[0]!.q,
    vector: queries[0]!.vector,
    limit: 3,
  });
  expect([fusion, vector_engine]).toEqual([{ method: 'mixture', vector_weight: 0.4, guard: 'both' }, 'hnsw']);
  const lexical = new Map(
    (await service.search('topics', { q: queries[0]!.q, limit: 100 })).data.map(({ id, score }) => [id, score]),
  );
  for (const { id, legs } of data) expect(legs!.lexical).toBeCloseTo(lexical.get(id) ?? 0, 10);
});

test('a document without a vector is still found by its words', async () => {
  await service.putIndex('partial', { fields: { text: { type: 'text' } }, vector: { dimensions: 2 } });
  await service.putDocuments('partial', [
    { id: 'both', fields: { text: 'words and more' }, vector: [1, 0] },
    { id: 'words', fields: { text: 'words alone' } },
    { id: 'vector', fields: { text: 'something else' }, vector: [0.9, 0.1] },
  ]);
  const { data } = await service.search('partial', { mode: 'hybrid', q: 'words', vector: [1, 0] });
  expect(data.map(({ id }) => id).sort()).toEqual(['both', 'vector', 'words']);
  expect(data.find(({ id }) => id === 'words')!.legs!.vector).toBeNull();
});
