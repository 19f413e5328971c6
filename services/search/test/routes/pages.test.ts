import fc from 'fast-check';
import type { SearchReply } from '../../src/api/search-reply.ts';
import { createSearchDatabase } from '../harness/search-database.ts';
import type { SearchDatabase } from '../harness/search-database.ts';
import { startSearch } from '../harness/start-search.ts';
import type { TestSearch } from '../harness/start-search.ts';

let database: SearchDatabase;
let service: TestSearch;
let counter = 0;

beforeAll(async () => {
  database = await createSearchDatabase();
  service = await startSearch(database);
});
afterAll(async () => {
  await service.close();
  await database.close();
});

const words = ['time', 'sharing', 'system', 'batch', 'common'];
const titles = fc.array(
  fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }).map((list) => list.join(' ')),
  { minLength: 5, maxLength: 30 },
);

async function indexOf(list: readonly string[]): Promise<string> {
  const name = `pages-${++counter}`;
  await service.putIndex(name, { fields: { title: { type: 'text' }, n: { type: 'integer' } } });
  await service.putDocuments(
    name,
    list.map((title, i) => ({ id: `d${i}`, fields: { title, n: i % 4 } })),
  );
  return name;
}

/** All pages of a request; `between` runs after each. */
async function pages(
  name: string,
  request: object,
  between: () => Promise<unknown> = async () => undefined,
): Promise<SearchReply['data']> {
  const found: SearchReply['data'] = [];
  let cursor: string | null | undefined;
  do {
    const reply: SearchReply = await service.search(name, { ...request, ...(cursor && { cursor }) });
    found.push(...reply.data);
    cursor = reply.next_cursor;
    expect(reply.has_more).toBe(cursor !== null);
    await between();
  } while (cursor);
  return found;
}

test.each([
  ['by score', {}],
  ['by a field', { sort: [{ field: 'n', order: 'desc' }] }],
  [
    'by a field and score',
    {
      sort: [
        { field: 'n', order: 'asc' },
        { field: '_score', order: 'desc' },
      ],
    },
  ],
])('pages %s put together are the whole result, each hit once, with its score', async (_name, more) => {
  await fc.assert(
    fc.asyncProperty(titles, fc.integer({ min: 1, max: 7 }), async (list, limit) => {
      const name = await indexOf(list);
      const request = { q: 'time sharing common', ...more };
      const whole = (await service.search(name, { ...request, limit: 100 })).data;
      expect(await pages(name, { ...request, limit })).toEqual(whole);
    }),
    { numRuns: 12 },
  );
});

test('pages stay those of the first one while documents are added, replaced, removed and merged', async () => {
  const list = Array.from({ length: 60 }, (_, i) => `${words[i % 5]} common ${'filler '.repeat(i % 7)}`);
  const name = await indexOf(list);
  const request = { q: 'common time', limit: 7 };
  const before = (await service.search(name, { ...request, limit: 100 })).data;
  let step = 0;
  const touched = new Set<string>();
  const after = await pages(name, request, async () => {
    step++;
    const replaced = before.at(-step)!.id;
    const removed = before.at(-20 - step)!.id;
    touched.add(replaced).add(removed);
    await service.putDocuments(name, [
      ...Array.from({ length: 5 }, (_, i) => ({ id: `new-${step}-${i}`, fields: { title: 'common common time' } })),
      { id: replaced, fields: { title: 'common time time' } },
    ]);
    await service.fetch(`/v1/search/indexes/${name}/documents/${removed}`, { method: 'DELETE' });
  });
  await service.deps.engine.merger.idle();
  const seen = after.map(({ id }) => id);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.filter((id) => id.startsWith('new-'))).toEqual([]);
  const untouched = (hits: SearchReply['data']): unknown[] =>
    hits.filter(({ id }) => !touched.has(id)).map(({ id, score }) => [id, score]);
  expect(untouched(after)).toEqual(untouched(before));
});

test('a cursor goes with its own request only, and with its own index', async () => {
  const name = await indexOf(['common a', 'common b', 'common c']);
  const { next_cursor: cursor } = await service.search(name, { q: 'common', limit: 1 });
  const ask = async (index: string, json: object): Promise<number> =>
    (await service.fetch(`/v1/search/indexes/${index}/search`, { json })).status;
  expect(await ask(name, { q: 'common', limit: 2, cursor })).toBe(200);
  expect(await ask(name, { q: 'other', limit: 1, cursor })).toBe(400);
  expect(await ask(name, { q: 'common', limit: 1, filter: { op: 'exists', field: 'n' }, cursor })).toBe(400);
  expect(await ask(await indexOf(['common']), { q: 'common', limit: 1, cursor })).toBe(400);
  await service.fetch(`/v1/search/indexes/${name}`, { method: 'DELETE' });
  await service.putIndex(name, { fields: { title: { type: 'text' }, n: { type: 'integer' } } });
  expect(await ask(name, { q: 'common', limit: 1, cursor })).toBe(400);
});

test('no bytes in the place of a cursor make the service fail', async () => {
  const name = await indexOf(['common a', 'common b']);
  const { next_cursor: cursor } = await service.search(name, { q: 'common', limit: 1 });
  await fc.assert(
    fc.asyncProperty(fc.nat(cursor!.length - 1), fc.constantFrom('A', '_', '9'), async (at, letter) => {
      const forged = cursor!.slice(0, at) + letter + cursor!.slice(at + 1);
      const response = await service.fetch(`/v1/search/indexes/${name}/search`, {
        json: { q: 'common', limit: 1, cursor: forged },
      });
      expect([200, 400]).toContain(response.status);
    }),
    { numRuns: 60 },
  );
});
