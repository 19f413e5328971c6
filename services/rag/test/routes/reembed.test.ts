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
  const spaces = "SELECT model FROM rag.spaces JOIN rag.collections USING (collection_id) WHERE name = 'birds'";
  expect(await database.admin(spaces)).toEqual([{ model: 'larger' }]);
});

test('of two that are asked for at the same time one is refused, and says which job is in its way', async () => {
  await service.collection('frogs');
  await service.add('frogs', { id: 'a', text: 'A frog.' });
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  models.intercept = ({ path, body }, res) => {
    if (path !== '/v1/embeddings' || body['model'] !== 'larger') return false;
    void held.then(() => res.writeHead(500).end('{}'));
    return true;
  };
  const path = '/v1/rag/collections/frogs/reembed';
  const ask = (model: string): Promise<Response> => service.fetch(path, { method: 'POST', json: { model } });
  const replies = await Promise.all([ask('larger'), ask('larger')]);
  expect(replies.map(({ status }) => status).sort()).toEqual([202, 409]);
  const [job, problem] = (await Promise.all(
    replies.sort((a, b) => a.status - b.status).map((reply) => reply.json()),
  )) as [Job, { code: string; detail: string }];
  expect(problem).toMatchObject({ code: 'RAG_REEMBED_RUNNING' });
  expect(problem.detail).toContain(job.id);
  expect((await ask('another')).status).toBe(409);
  models.intercept = undefined;
  release();
  expect(await ended(job.id)).toMatchObject({ status: 'succeeded', result: { dimensions: 96 } });
  const again = await ask('other');
  expect(again.status).toBe(202);
  await service.ask('POST', `/v1/rag/jobs/${((await again.json()) as Job).id}/cancel`);
});
