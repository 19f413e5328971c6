import { startModelServer } from '../harness/model-server.ts';
import type { ModelServer } from '../harness/model-server.ts';
import { createRagDatabase } from '../harness/rag-database.ts';
import type { RagDatabase } from '../harness/rag-database.ts';
import { startRag } from '../harness/start-rag.ts';
import type { TestRag } from '../harness/start-rag.ts';

let database: RagDatabase;
let models: ModelServer;
let service: TestRag;
const member = (subject: string): object => ({ subject, scopes: ['rag:read', 'rag:write'] });

beforeAll(async () => {
  [database, models] = await Promise.all([createRagDatabase(), startModelServer()]);
  service = await startRag(database, { RAG_LLM_ROUTER_URL: models.url });
  await service.collection('shared');
  await service.add('shared', { id: 'mine', text: 'Plutonium for ada alone.', acl: ['user:ada'] });
  await service.add('shared', { id: 'both', text: 'Plutonium for both.', acl: ['user:ada', 'user:bob'] });
  await service.add('shared', { id: 'all', text: 'Plutonium for everybody.' });
});
afterAll(async () => {
  await service.close();
  await Promise.all([database.close(), models.close()]);
});

const find = async (as: object, more: object = {}): Promise<unknown[]> =>
  (await service.retrieve({ query: 'plutonium', collections: ['shared'], ...more }, as)).data
    .map(({ external_id }) => external_id)
    .sort();

test('readers find what they may see, by words and by vectors', async () => {
  for (const mode of ['hybrid', 'lexical', 'vector']) {
    expect(await find(member('ada'), { mode })).toEqual(['all', 'both', 'mine']);
    expect(await find(member('bob'), { mode })).toEqual(['all', 'both']);
    expect(await find(member('eve'), { mode })).toEqual(['all']);
  }
  const hidden = await service.fetch('/v1/rag/collections/shared/documents/mine', { as: member('eve') });
  expect(hidden.status).toBe(404);
});

test('to ask on behalf of others needs the right to', async () => {
  expect(await find({}, { principals: ['user:bob'] })).toEqual(['all', 'both']);
  await expect(find(member('eve'), { principals: ['user:ada'] })).rejects.toThrow('"pointer":"/principals"');
});

test.each(['evil', 'acme ', 'ACME', "acme' OR '1'='1", '%', '*'])(
  'tenant "%s" finds nothing of another',
  async (tenant) => {
    for (const [method, path, json] of [
      ['GET', '/collections/shared'],
      ['GET', '/collections/shared/documents'],
      ['DELETE', '/collections/shared'],
      ['POST', '/retrieve', { query: 'plutonium', collections: ['shared'] }],
      ['POST', '/answer', { query: 'plutonium', collections: ['shared'] }],
    ] as const) {
      const response = await service.fetch(`/v1/rag${path}`, { method, as: { tenant }, ...(json && { json }) });
      expect([path, response.status]).toEqual([path, 404]);
      expect(await response.text()).not.toMatch(/plutonium for/i);
    }
  },
);

test('only who has made a collection, or an administrator, removes it', async () => {
  await service.collection('hers', {}, { subject: 'ada' });
  expect((await service.fetch('/v1/rag/collections/hers', { method: 'DELETE', as: member('bob') })).status).toBe(403);
  expect((await service.fetch('/v1/rag/collections/hers', { method: 'DELETE', as: member('ada') })).status).toBe(204);
});

// What a process needs before any tenant asks is left out: of collections that is their number and their tenant alone.
test('every table, also those made later for vectors, lets through the rows of the tenant alone', async () => {
  const tables = await database.admin(
    `SELECT relname, relrowsecurity AND relforcerowsecurity AS secured FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      WHERE nspname = 'rag' AND relkind = 'r' AND relname NOT IN
        ('schema_migrations', 'jobs', 'job_events', 'idempotency_keys', 'recent_collections')`,
  );
  expect(tables.length).toBeGreaterThan(8);
  expect(tables.filter(({ secured }) => secured !== true)).toEqual([]);
});

test('erasing a user takes what only the user could see, and what the user has asked', async () => {
  const as = { tenant: 'acme', subject: 'carol', scopes: ['rag:read', 'rag:write'] };
  await service.add('shared', { text: 'Plutonium diary of carol.', acl: ['user:carol'] }, as);
  await service.ask('POST', '/v1/rag/answer', { query: 'plutonium diary', collections: ['shared'] }, as);
  const json = { tenant: 'acme', subject: 'carol' };
  const erase = (scopes: string[]): Promise<Response> =>
    service.fetch('/internal/erasure', { json, as: { subject: 'auth', scopes } });
  expect((await erase(['rag:admin'])).status).toBe(403);
  expect(await (await erase(['platform:erase'])).json()).toMatchObject({
    records: { documents: 1, answers: 1, files: 0, jobs: 1 },
  });
  expect(await find({}, { query: 'diary', mode: 'lexical', principals: ['user:carol'] })).toEqual([]);
  expect(await (await erase(['platform:erase'])).json()).toMatchObject({ records: { documents: 0, answers: 0 } });
});
