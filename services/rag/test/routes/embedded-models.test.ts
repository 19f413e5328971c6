import { createTestIdentity } from '@genai-platform/common/testing';
import { createRagDatabase } from '../harness/rag-database.ts';
import type { RagDatabase } from '../harness/rag-database.ts';
import { startRouterProcess } from '../harness/router-process.ts';
import type { RouterProcess } from '../harness/router-process.ts';
import { startRag } from '../harness/start-rag.ts';
import type { TestRag } from '../harness/start-rag.ts';

const MODEL = 'smollm2-135m-instruct';
const TEXTS = {
  kiln: 'The porcelain works of Sevres fired their first oven in 1756. It reaches 1300 degrees before the clay turns to stone.',
  heron: 'The grey heron stands in shallow water. It waits for fish at dawn. Its nest is high in a tree.',
  granite: 'Granite is an igneous rock of quartz and feldspar. It is hard, and buildings last for centuries.',
};

let database: RagDatabase;
let router: RouterProcess;
let service: TestRag;

interface Answer {
  text: string;
  method: string;
  model: string | null;
  refused: boolean;
  citations: { document_id: string; start: number; end: number; text: string }[];
}

beforeAll(async () => {
  const identity = createTestIdentity();
  [database, router] = await Promise.all([createRagDatabase(), startRouterProcess(identity.keyFile)]);
  service = await startRag(database, { RAG_LLM_ROUTER_URL: router.url, IDENTITY_KEY_FILE: identity.keyFile });
  await service.collection('docs');
  for (const [id, text] of Object.entries(TEXTS)) await service.add('docs', { id, text });
}, 90_000);
afterAll(async () => {
  await service.close();
  await Promise.all([router.close(), database.close()]);
});

test('documents are embedded by the platform’s own encoder, and found by what is meant and not said', async () => {
  expect(await service.ask('GET', '/v1/rag/collections/docs')).toMatchObject({
    embedding_model: 'bge-small-en-v1.5',
    dimensions: 384,
  });
  const query = 'a bird that catches its breakfast in a pond';
  const { data, warnings } = await service.retrieve({ query, collections: ['docs'], mode: 'vector' });
  expect(data[0]?.external_id).toBe('heron');
  expect(data[0]?.scores.vector).toBeGreaterThan(data[1]?.scores.vector ?? 1);
  expect(warnings).toEqual([]);
});

test('a question is answered by quotes, and one that the documents say nothing of is refused', async () => {
  const ask = (query: string): Promise<Answer> =>
    service.ask('POST', '/v1/rag/answer', { query, collections: ['docs'], model: null });
  const answer = await ask('What is granite made of?');
  expect(answer).toMatchObject({ refused: false, method: 'extractive', model: null });
  expect(answer.text).toContain('quartz and feldspar');
  expect(await ask('How do I reset the PIN of my bank card?')).toMatchObject({ refused: true, citations: [] });
});

test('whatever the embedded generator writes, what is answered stands in the documents', async () => {
  const query = 'Where does the grey heron stand?';
  const request = { query, collections: ['docs'], model: MODEL, refuse_below: 0 };
  const { method, model, citations } = await service.ask<Answer>('POST', '/v1/rag/answer', request);
  expect([method, model]).toEqual(method === 'generative' ? ['generative', MODEL] : ['extractive', null]);
  expect(citations.length).toBeGreaterThan(0);
  for (const { document_id: id, start, end, text } of citations) {
    const source = await service.ask<{ text: string }>('GET', `/v1/rag/collections/docs/documents/${id}/text`);
    expect(source.text.slice(start, end)).toBe(text);
  }
}, 60_000);
