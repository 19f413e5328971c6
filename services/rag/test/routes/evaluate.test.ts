import { startModelServer } from '../harness/model-server.ts';
import type { ModelServer } from '../harness/model-server.ts';
import { createRagDatabase } from '../harness/rag-database.ts';
import type { RagDatabase } from '../harness/rag-database.ts';
import { startRag } from '../harness/start-rag.ts';
import type { TestRag } from '../harness/start-rag.ts';

let database: RagDatabase;
let models: ModelServer;
let service: TestRag;

beforeAll(async () => {
  [database, models] = await Promise.all([createRagDatabase(), startModelServer()]);
  service = await startRag(database, { RAG_LLM_ROUTER_URL: models.url });
  await service.collection('docs');
  await service.add('docs', { id: 'kiln', text: 'The kiln of Sevres was built in 1756 by potters.' });
  await service.add('docs', { id: 'heron', text: 'The grey heron waits for fish at dawn in shallow water.' });
  await service.add('docs', { id: 'secret', text: 'The vault opens at noon on Sundays.', acl: ['user:bob'] });
});
afterAll(async () => {
  await service.close();
  await Promise.all([database.close(), models.close()]);
});

interface Report {
  modes: { mode: string; cases: number; scores: Record<string, number> | null }[];
  answers: Record<string, number | null> | null;
  cases: { ranks: Record<string, number | null>; answer: Record<string, unknown> | null }[];
}

const kiln = { query: 'When was the kiln of Sevres built?', relevant: ['kiln'], answer: 'in  1756' };
const heron = { query: 'grey heron fish', relevant: ['kiln'] };
const nothing = { query: 'Who painted the ceiling?', answerable: false };

async function evaluate(request: object, as: object = {}): Promise<Report> {
  const json = { collections: ['docs'], ...request };
  const headers = { prefer: 'wait=20' };
  const response = await service.fetch('/v1/rag/evaluate', { method: 'POST', json, headers, as });
  const { status, result } = (await response.json()) as { status: string; result: Report };
  expect([response.status, status]).toEqual([200, 'succeeded']);
  return result;
}

test('tells for each mode what was found of what ought to be, and for each question where', async () => {
  const { modes, cases, answers } = await evaluate({ cases: [kiln, heron], modes: ['lexical', 'hybrid'], top_k: 1 });
  expect(modes.map(({ mode, cases: count }) => [mode, count])).toEqual([
    ['lexical', 2],
    ['hybrid', 2],
  ]);
  // The second question is said to be answered by another document than the one that it finds.
  expect(modes[0]?.scores).toMatchObject({ hit_at_1: 0.5, recall: 0.5, reciprocal_rank: 0.5 });
  expect(cases.map(({ ranks }) => ranks['lexical'])).toEqual([1, null]);
  expect(answers).toBeNull();
});

test('tells apart wrong refusals and right ones, and compares answers with what they have to say', async () => {
  const cases = [kiln, { ...kiln, answer: 'in 1999' }, nothing];
  const request = { cases, modes: ['hybrid'], answers: true, refuse_below: 0.01 };
  const { answers, cases: results } = await evaluate(request);
  expect(answers).toMatchObject({ answerable: 2, unanswerable: 1, false_refusals: 0, correct: 0.5, grounded: 1 });
  expect(results[0]?.answer).toMatchObject({ refused: false, correct: true, method: 'extractive' });
  const strict = await evaluate({ ...request, refuse_below: 1 });
  expect(strict.answers).toMatchObject({ false_refusals: 1, refusals: 1, correct: 0, grounded: null });
});

test('finds what its sender may see, and lets nobody else read it in the report', async () => {
  const cases = [{ query: 'When does the vault open?', relevant: ['secret'] }];
  const request = { cases, modes: ['lexical'], answers: true, refuse_below: 0 };
  expect((await evaluate(request)).cases[0]?.ranks).toEqual({ lexical: null });
  const own = await evaluate(request, { subject: 'bob' });
  expect(own.cases[0]?.ranks).toEqual({ lexical: 1 });
  expect(JSON.stringify(own)).not.toContain('noon');
});

test.each([
  ['a collection that is not there', { collections: ['none'], cases: [kiln] }, 404, '/collections/0'],
  ['no question', { collections: ['docs'], cases: [] }, 400, '/cases'],
  [
    'a document that answers what cannot be answered',
    { collections: ['docs'], cases: [{ ...nothing, relevant: ['kiln'] }] },
    400,
    '/cases/0/relevant',
  ],
])('refuses %s, and says where', async (_what, json, status, pointer) => {
  const response = await service.fetch('/v1/rag/evaluate', { method: 'POST', json });
  expect(response.status).toBe(status);
  expect(JSON.stringify(await response.json())).toContain(`"${pointer}"`);
});

test('who may not speak for others may not measure for them', async () => {
  const json = { collections: ['docs'], cases: [kiln], principals: ['user:bob'] };
  const response = await service.fetch('/v1/rag/evaluate', { method: 'POST', json, as: { scopes: ['rag:read'] } });
  expect(response.status).toBe(403);
});
