import { fillCollection } from '../harness/fill-collection.ts';
import type { EmbeddedDocument } from '../harness/fill-collection.ts';
import { createRagDatabase } from '../harness/rag-database.ts';
import type { RagDatabase } from '../harness/rag-database.ts';
import { startRag } from '../harness/start-rag.ts';
import type { TestRag } from '../harness/start-rag.ts';

const DOCUMENTS = 4_500;
const DIMENSIONS = 24;
/** Park and Miller's generator: the same vectors in every run. */
let state = 3;
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
const direction = (): number[] => Array.from({ length: DIMENSIONS }, () => random() - 0.5);
const documents = Array.from({ length: DOCUMENTS }, (_unused, i): EmbeddedDocument => ({
  id: `doc_${i}`,
  text: `Page ${i} is about topic${i % 50} and subject${i % 7}.`,
  vector: direction(),
  metadata: { n: i },
}));
const questions = Array.from({ length: 20 }, direction);

let database: RagDatabase;
let service: TestRag;

beforeAll(async () => {
  database = await createRagDatabase();
  await fillCollection(database, 'pages', documents);
  service = await startRag(database);
});
afterAll(async () => {
  await service.close();
  await database.close();
});

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [left, right] = [a[i] as number, b[i] as number];
    [dot, squaresA, squaresB] = [dot + left * right, squaresA + left ** 2, squaresB + right ** 2];
  }
  return dot / Math.sqrt(squaresA * squaresB);
}

const rows = (sql: string): Promise<unknown[]> => service.deps.db.rows({ readOnly: true }, sql);

const asked = (vector: number[], below: number): object => ({
  ...{ query: 'topic7 subject3', vector, collections: ['pages'], mode: 'vector', top_k: 10 },
  ...(below < DOCUMENTS && { filter: { op: 'lt', field: 'n', value: below } }),
});

async function recall(below: number): Promise<{ recall: number; ways: Set<unknown> }> {
  let found = 0;
  const ways = new Set<unknown>();
  for (const vector of questions) {
    const nearest = documents
      .slice(0, below)
      .map((one) => ({ id: one.id, similarity: cosine(vector, one.vector) }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, 10);
    const best = new Set(nearest.map(({ id }) => id));
    const reply = await service.ask<Reply>('POST', '/v1/rag/retrieve?trace=true', asked(vector, below));
    found += reply.data.filter(({ document_id: id }) => best.has(id)).length;
    const scores = reply.data.map(({ scores: { vector: similarity } }) => similarity);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    ways.add(reply.trace.find(({ name }) => name === 'vector')?.details['way']);
  }
  return { recall: found / (10 * questions.length), ways };
}

interface Reply {
  data: { document_id: string; scores: { vector: number } }[];
  trace: { name: string; details: Record<string, unknown> }[];
}

test.each([
  ['graph', DOCUMENTS, 0.95],
  ['graph', 3_000, 0.95],
  ['exact', 2_000, 1],
  ['exact', 12, 1],
])('by the %s way the nearest of %i chunks are found, nearest first', async (way, below, least) => {
  const measured = await recall(below);
  expect(measured.ways).toEqual(new Set([way]));
  expect(measured.recall).toBeGreaterThanOrEqual(least);
});

test('words and vectors are mixed as well where the collection is large', async () => {
  const [vector] = questions as [number[]];
  const reply = await service.retrieve({ query: 'topic7 subject3', vector, collections: ['pages'], top_k: 5 });
  expect(reply.data).toHaveLength(5);
  expect(reply.data[0]!.text).toMatch(/topic7 and subject3/);
});

test('a process that starts reads the words of what was searched before anybody asks', async () => {
  await service.retrieve({ query: 'topic9', collections: ['pages'], mode: 'lexical' });
  const noted = (): Promise<unknown[]> => rows('SELECT FROM recent_collections');
  while ((await noted()).length === 0);
  const other = await startRag(database);
  try {
    while (other.deps.indexes.bytes === 0) await noted();
    const { bytes } = other.deps.indexes;
    expect(bytes).toBeGreaterThan(100 * DOCUMENTS);
    const reply = await other.retrieve({ query: 'topic9', collections: ['pages'], mode: 'lexical' });
    expect(reply.data[0]!.text).toMatch(/topic9/);
    expect(other.deps.indexes.bytes).toBe(bytes);
  } finally {
    await other.close();
  }
});

test('what is removed from a large collection is not found by the next query; with the collection every trace goes', async () => {
  await fillCollection(database, 'leaving', documents.map((one) => ({ ...one, id: `leaving_${one.id}` })).slice(0, 1_000)); // prettier-ignore
  const query = { query: 'page 321', collections: ['leaving'], mode: 'lexical', top_k: 1 };
  expect((await service.retrieve(query)).data[0]?.document_id).toBe('leaving_doc_321');
  await service.ask('DELETE', '/v1/rag/collections/leaving/documents/leaving_doc_321');
  expect((await service.retrieve(query)).data[0]?.document_id).not.toBe('leaving_doc_321');
  const [{ key }] = (await rows('SELECT max(collection_id) AS key FROM recent_collections')) as [{ key: string }];
  await service.ask('DELETE', '/v1/rag/collections/leaving');
  expect(await rows('SELECT collection_id AS key FROM recent_collections')).not.toContainEqual({ key });
});
