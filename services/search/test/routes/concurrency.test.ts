import { createSearchDatabase } from '../harness/search-database.ts';
import type { SearchDatabase } from '../harness/search-database.ts';
import { startSearch } from '../harness/start-search.ts';
import type { TestSearch } from '../harness/start-search.ts';

let database: SearchDatabase;
let services: TestSearch[];

beforeAll(async () => {
  database = await createSearchDatabase();
  services = [await startSearch(database), await startSearch(database)];
});
afterAll(async () => {
  for (const service of services) await service.close();
  await database.close();
});

const settings = { fields: { title: { type: 'text' }, writer: { type: 'keyword' }, n: { type: 'integer' } } };

test('what one instance acknowledged, the other finds at once, and what it removed is gone at once', async () => {
  const [one, two] = services as [TestSearch, TestSearch];
  await one.putIndex('fresh', settings);
  for (let n = 0; n < 25; n++) {
    await one.putDocuments('fresh', [{ id: `d${n}`, fields: { title: `word${n} common` } }]);
    expect((await two.search('fresh', { q: `word${n}`, typo: false })).total).toBe(1);
    expect((await two.search('fresh', { q: 'common' })).total).toBe(n + 1);
  }
  for (let n = 0; n < 10; n++) {
    await two.fetch(`/v1/search/indexes/fresh/documents/d${n}`, { method: 'DELETE' });
    expect((await one.search('fresh', { q: `word${n}`, typo: false })).total).toBe(0);
  }
  const suggested = await (await two.fetch('/v1/search/indexes/fresh/suggest?q=com')).json();
  expect(suggested).toMatchObject({ data: [{ word: 'common', documents: 15 }] });
});

test('settings that one instance changed hold for the other at once', async () => {
  const [one, two] = services as [TestSearch, TestSearch];
  await one.putIndex('settings', settings);
  await one.putDocuments('settings', [{ id: 'a', fields: { title: 'automobile' } }]);
  expect((await two.search('settings', { q: 'car', typo: false })).total).toBe(0);
  await one.putIndex('settings', {
    ...settings,
    fields: { ...settings.fields, extra: { type: 'keyword' } },
    synonyms: [['car', 'automobile']],
  });
  expect((await two.search('settings', { q: 'car' })).total).toBe(1);
  expect((await two.search('settings', { filter: { op: 'exists', field: 'extra' } })).total).toBe(0);
});

test('an index removed and made anew by one instance is the new one for the other', async () => {
  const [one, two] = services as [TestSearch, TestSearch];
  await one.putIndex('renewed', settings);
  await one.putDocuments('renewed', [{ id: 'old', fields: { title: 'common' } }]);
  expect((await two.search('renewed', { q: 'common' })).total).toBe(1);
  await one.fetch('/v1/search/indexes/renewed', { method: 'DELETE' });
  expect((await two.fetch('/v1/search/indexes/renewed/search', { json: { q: 'common' } })).status).toBe(404);
  await one.putIndex('renewed', settings);
  expect((await two.search('renewed', { q: 'common' })).total).toBe(0);
});

test('two instances that write the same ids at once leave each document once, whole, and found by what it says last', async () => {
  await services[0]!.putIndex('contested', settings);
  const ids = Array.from({ length: 12 }, (_, i) => `d${i}`);
  const write = async (service: TestSearch, writer: string): Promise<void> => {
    for (let round = 0; round < 8; round++)
      await service.putDocuments(
        'contested',
        ids.map((id, n) => ({ id, fields: { title: `${writer}${round} common`, writer: `${writer}${round}`, n } })),
      );
  };
  await Promise.all([write(services[0]!, 'a'), write(services[1]!, 'b'), write(services[1]!, 'c')]);
  for (const service of services) await service.deps.engine.merger.idle();
  const [stored] = await database.admin(
    "SELECT count(*) AS n FROM search.documents d JOIN search.indexes i USING (index_id) WHERE i.name = 'contested'",
  );
  expect(Number(stored!.n)).toBe(ids.length);
  for (const service of services) {
    const { data, total } = await service.search('contested', { q: 'common', limit: 100 });
    expect([total, new Set(data.map(({ id }) => id)).size]).toEqual([ids.length, ids.length]);
    for (const { id, fields } of data) {
      const found = await service.search('contested', { q: fields.writer as string, typo: false, limit: 100 });
      expect(found.data.map((hit) => hit.id)).toContain(id);
      expect(found.data.every((hit) => hit.fields.writer === fields.writer)).toBe(true);
    }
  }
  const [counted] = await database.admin("SELECT documents FROM search.indexes WHERE name = 'contested'");
  expect(Number(counted!.documents)).toBe(ids.length);
});

test('searches never fail, miss or repeat a document while others write and merge', async () => {
  const [one, two] = services as [TestSearch, TestSearch];
  await one.putIndex('busy', settings);
  await one.putDocuments(
    'busy',
    Array.from({ length: 40 }, (_, i) => ({ id: `fixed${i}`, fields: { title: 'steady', n: i } })),
  );
  let writing = true;
  const writers = [one, two].map(async (service, w) => {
    for (let n = 0; n < 40; n++)
      await service.putDocuments('busy', [{ id: `moving${w}-${n % 5}`, fields: { title: `restless ${n}` } }]);
  });
  const done = Promise.all(writers).then(() => (writing = false));
  let searches = 0;
  while (writing) {
    for (const service of [one, two]) {
      const { data, total } = await service.search('busy', { q: 'steady', limit: 100 });
      expect([total, new Set(data.map(({ id }) => id)).size]).toEqual([40, 40]);
      searches++;
    }
  }
  await done;
  expect(searches).toBeGreaterThan(5);
});
