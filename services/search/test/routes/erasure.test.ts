import { createSearchDatabase } from '../harness/search-database.ts';
import type { SearchDatabase } from '../harness/search-database.ts';
import { startSearch } from '../harness/start-search.ts';
import type { TestSearch } from '../harness/start-search.ts';

let database: SearchDatabase;
let service: TestSearch;

beforeAll(async () => {
  database = await createSearchDatabase();
  service = await startSearch(database);
});
afterAll(async () => {
  await service.close();
  await database.close();
});

const settings = { acl: true, fields: { title: { type: 'text' } } };
const erase = (subject: string, scopes: string[]): Promise<Response> =>
  service.fetch('/internal/erasure', { json: { tenant: 'acme', subject }, as: { subject: 'auth', scopes } });

test('documents that only the erased user could see are gone, what is shared stays, and again nothing is left', async () => {
  for (const name of ['diary', 'letters']) {
    await service.putIndex(name, settings);
    await service.putDocuments(name, [
      { id: 'mine', fields: { title: 'plutonium' }, acl: ['user:ada'] },
      { id: 'shared', fields: { title: 'plutonium' }, acl: ['user:ada', 'user:bob'] },
      { id: 'his', fields: { title: 'plutonium' }, acl: ['user:bob'] },
    ]);
  }
  await service.putIndex('diary', settings, { tenant: 'globex' });
  await service.putDocuments('diary', [{ id: 'mine', fields: { title: 'x' }, acl: ['user:ada'] }], {
    tenant: 'globex',
  });

  expect(await (await erase('ada', ['platform:erase'])).json()).toEqual({
    object: 'erasure',
    records: { documents: 2 },
  });
  const found = await service.search('diary', { q: 'plutonium', principals: ['user:ada', 'user:bob'] });
  expect(found.data.map(({ id }) => id).sort()).toEqual(['his', 'shared']);
  expect(await (await erase('ada', ['platform:erase'])).json()).toMatchObject({ records: { documents: 0 } });
  expect(await database.admin("SELECT count(*)::int AS left FROM search.documents WHERE tenant = 'globex'")).toEqual([
    { left: 1 },
  ]);
});

test('nobody but a part of the platform erases', async () => {
  expect((await erase('ada', ['search:admin'])).status).toBe(403);
});
