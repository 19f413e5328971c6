import OpenAI, { toFile } from 'openai';
import { startModelServer } from '../harness/model-server.ts';
import type { ModelServer } from '../harness/model-server.ts';
import { createRagDatabase } from '../harness/rag-database.ts';
import type { RagDatabase } from '../harness/rag-database.ts';
import { startRag } from '../harness/start-rag.ts';
import type { TestRag } from '../harness/start-rag.ts';

let database: RagDatabase;
let models: ModelServer;
let service: TestRag;
let client: OpenAI;

beforeAll(async () => {
  [database, models] = await Promise.all([createRagDatabase(), startModelServer()]);
  service = await startRag(database, { RAG_LLM_ROUTER_URL: models.url });
  client = await clientOf('ada');
});
afterAll(async () => {
  await service.close();
  await Promise.all([database.close(), models.close()]);
});

async function clientOf(subject: string): Promise<OpenAI> {
  const apiKey = await service.context.testIdentity.token('rag', { subject, scopes: ['rag:read', 'rag:write'] });
  return new OpenAI({ apiKey, baseURL: `${service.url}/v1`, maxRetries: 0 });
}

const file = (name: string, text: string): Promise<File> => toFile(Buffer.from(text), name, { type: 'text/plain' });
const upload = async (name: string, text: string): Promise<string> =>
  (await client.files.create({ file: await file(name, text), purpose: 'assistants' })).id;

test('files are uploaded, listed, read and deleted', async () => {
  const created = await client.files.create({
    file: await file('heron.txt', 'Herons eat fish.'),
    purpose: 'assistants',
  });
  expect(created).toMatchObject({
    object: 'file',
    filename: 'heron.txt',
    bytes: 16,
    purpose: 'assistants',
    status: 'processed',
  });
  expect((await client.files.list({ purpose: 'assistants' })).data.map(({ id }) => id)).toContain(created.id);
  expect(await (await client.files.content(created.id)).text()).toBe('Herons eat fish.');
  expect(await client.files.delete(created.id)).toMatchObject({ id: created.id, deleted: true });
  await expect(client.files.retrieve(created.id)).rejects.toMatchObject({ status: 404 });
});

test('a vector store takes files in, is searched with filters, and forgets', async () => {
  const store = await client.vectorStores.create({ name: 'birds', metadata: { team: 'a' } });
  const [heron, kiln] = [
    await upload('heron.txt', 'Herons eat fish in shallow water.'),
    await upload('kiln.txt', 'The kiln is hot.'),
  ];
  const added = await client.vectorStores.files.createAndPoll(store.id, { file_id: heron, attributes: { topic: 'birds' } }, { pollIntervalMs: 50 }); // prettier-ignore
  expect(added).toMatchObject({ id: heron, status: 'completed', last_error: null, attributes: { topic: 'birds' } });
  const batch = await client.vectorStores.fileBatches.createAndPoll(store.id, { file_ids: [kiln], attributes: { topic: 'pots' } }, { pollIntervalMs: 50 }); // prettier-ignore
  expect(batch).toMatchObject({ status: 'completed', file_counts: { completed: 1, total: 1 } });
  expect((await client.vectorStores.retrieve(store.id)).file_counts).toMatchObject({ completed: 2, total: 2 });

  const search = async (filters?: OpenAI.VectorStores.VectorStoreSearchParams['filters']): Promise<string[]> =>
    (await client.vectorStores.search(store.id, { query: 'what do herons eat', ...(filters && { filters }) })).data.map(
      (hit) => hit.file_id,
    );
  expect((await search())[0]).toBe(heron);
  expect(await search({ type: 'eq', key: 'topic', value: 'pots' })).toEqual([kiln]);
  const page = await client.vectorStores.files.list(store.id, { limit: 1, order: 'asc' });
  expect([page.data.map(({ id }) => id), (await page.getNextPage()).data.map(({ id }) => id)]).toEqual([
    [heron],
    [kiln],
  ]);

  await client.vectorStores.files.delete(heron, { vector_store_id: store.id });
  expect(await search()).toEqual([kiln]);
  await client.files.delete(kiln);
  expect(await search()).toEqual([]);
  expect(await client.vectorStores.delete(store.id)).toMatchObject({ deleted: true });
  await expect(client.vectorStores.retrieve(store.id)).rejects.toMatchObject({
    status: 404,
    error: { type: 'invalid_request_error' },
  });
});

test('a vector store is a collection, and the other way round', async () => {
  const { id } = await service.collection('both');
  const heron = await upload('heron.txt', 'Herons eat fish.');
  await client.vectorStores.files.createAndPoll(id, { file_id: heron }, { pollIntervalMs: 50 });
  const { data } = await service.retrieve({ query: 'herons', collections: ['both'] });
  expect(data[0]!.text).toBe('Herons eat fish.');
  expect((await client.vectorStores.files.content(heron, { vector_store_id: id })).data).toEqual([
    { type: 'text', text: 'Herons eat fish.' },
  ]);
});

test("another user's files can be neither read nor searched into one's own store", async () => {
  const heron = await upload('heron.txt', 'Herons eat fish.');
  const eve = await clientOf('eve');
  await expect(eve.files.content(heron)).rejects.toMatchObject({ status: 404 });
  const store = await eve.vectorStores.create({});
  await expect(eve.vectorStores.files.create(store.id, { file_id: heron })).rejects.toMatchObject({ status: 404 });
  await expect(eve.vectorStores.create({ file_ids: [heron] })).rejects.toMatchObject({ status: 404 });
});

test('a file that cannot be taken in fails alone, and says why', async () => {
  const store = await client.vectorStores.create({});
  const empty = await upload('empty.txt', '   ');
  const failed = await client.vectorStores.files.createAndPoll(store.id, { file_id: empty }, { pollIntervalMs: 50 });
  expect(failed).toMatchObject({
    status: 'failed',
    last_error: { code: 'invalid_file', message: 'there is no text in it' },
  });
});
