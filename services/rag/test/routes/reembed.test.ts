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
  models.dimensions = { larger: 96 };
  service = await startRag(database, { RAG_LLM_ROUTER_URL: models.url });
});
afterAll(async () => {
  await service.close();
  await Promise.all([database.close(), models.close()]);
});

interface Job {
  id: string;
  status: string;
  result: { dimensions: number; embedded: number };
}

async function ended(id: string): Promise<Job> {
  for (;;) {
    const job = await service.ask<Job>('GET', `/v1/rag/jobs/${id}`);
    if (job.status !== 'queued' && job.status !== 'running') return job;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a collection changes over to another model in one moment, goes on where a failure cut it off, and leaves nothing behind', async () => {
  await service.collection('birds');
  for (let i = 0; i < 70; i++) await service.add('birds', { id: `d${i}`, text: `Heron number ${i} eats fish.` });
  let asked = 0;
  // The second batch fails once: the first one stays.
  models.intercept = ({ path, body }, res) => {
    if (path !== '/v1/embeddings' || body['model'] !== 'larger' || ++asked !== 2) return false;
    res.writeHead(500).end('{}');
    return true;
  };
  const { id } = await service.ask<Job>('POST', '/v1/rag/collections/birds/reembed', { model: 'larger' });
  const find = (): Promise<unknown> =>
    service.retrieve({ query: 'heron 7', collections: ['birds'], mode: 'vector', top_k: 3 });
  expect(await find()).toMatchObject({ data: { length: 3 } });
  await service.add('birds', { id: 'late', text: 'A heron came late.' });
  const job = await ended(id);
  expect([job.status, job.result.dimensions]).toEqual(['succeeded', 96]);
  expect(job.result.embedded).toBeLessThan(70);
  expect(await service.ask('GET', '/v1/rag/collections/birds')).toMatchObject({
    embedding_model: 'larger',
    dimensions: 96,
  });
  expect(await find()).toMatchObject({ data: { length: 3 } });
  const { data } = await service.retrieve({ query: 'late', collections: ['birds'], mode: 'vector', top_k: 100 });
  expect(data).toHaveLength(71);
  expect(await database.admin('SELECT model FROM rag.spaces')).toEqual([{ model: 'larger' }]);
});
