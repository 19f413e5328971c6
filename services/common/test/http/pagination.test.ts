import pg from 'pg';
import { z } from 'zod';
import {
  PageQuery,
  Postgres,
  createService,
  get,
  newId,
  pageClause,
  pageOf,
  pageReply,
  routes,
} from '../../src/index.ts';
import type { Page } from '../../src/index.ts';
import { createDatabase, createTestContext, startService } from '../../src/testing/index.ts';
import type { TestDatabase, TestService } from '../../src/testing/index.ts';
import { databaseConfig } from '../builders/database.ts';

interface Item {
  id: string;
  kind: string;
}

let database: TestDatabase;
let admin: pg.Client;
let service: TestService;

beforeAll(async () => {
  database = await createDatabase();
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query('CREATE SCHEMA notes; CREATE TABLE notes.notes (id text PRIMARY KEY, kind text)');
  const context = createTestContext({ name: 'notes' });
  const db = new Postgres({ config: databaseConfig(database), log: context.log, name: 'notes' });
  context.lifecycle.onClose('database', () => db.close());
  const Note = z.object({ id: z.string(), kind: z.string() });
  const list = get(
    '/v1/notes',
    { summary: 's', query: PageQuery.extend({ kind: z.string().optional() }), reply: pageOf(Note) },
    async ({ query, req }) => {
      const { condition, order, values } = pageClause(query, 'id', { firstParameter: 2 });
      const select = `SELECT id, kind FROM notes WHERE ($1::text IS NULL OR kind = $1) AND ${condition} ${order}`;
      return pageReply(req, query, await db.rows<Item>({}, select, [query.kind ?? null, ...values]));
    },
  );
  service = await startService(createService({ context, routes: [routes(list)] }), context);
});
afterAll(async () => {
  await service.close();
  await admin.end();
  await database.close();
});
beforeEach(() => admin.query('TRUNCATE notes.notes'));

async function insert(count: number, kind = 'a'): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId('note'));
  await admin.query('INSERT INTO notes.notes SELECT unnest($1::text[]), $2', [ids, kind]);
  return ids;
}

async function list(query: string): Promise<{ page: Page<Item>; link: string | null }> {
  const response = await service.fetch(query.startsWith('/') ? query : `/v1/notes?${query}`);
  expect(response.status).toBe(200);
  return { page: (await response.json()) as Page<Item>, link: response.headers.get('link') };
}
const target = (link: string | null, rel: string): string | undefined =>
  new RegExp(`<([^>]+)>; rel="${rel}"`).exec(link ?? '')?.[1];

test('ids sort by age', () => {
  const ids = Array.from({ length: 1_000 }, () => newId('x'));
  expect([...ids].sort()).toEqual(ids);
  expect(ids[0]).toMatch(/^x_[0-9a-hjkmnp-tv-z]{26}$/);
});

test('an empty list', async () => {
  const { page, link } = await list('');
  expect(page).toEqual({ object: 'list', data: [], first_id: null, last_id: null, has_more: false });
  expect(link).toBeNull();
});

test('the next links lead through everything once, newest first, though others write and delete meanwhile', async () => {
  const ids = await insert(25);
  const seen: string[] = [];
  let next: string | undefined = '/v1/notes?limit=10&kind=a';
  while (next !== undefined) {
    const { page, link } = await list(next);
    seen.push(...page.data.map(({ id }) => id));
    expect(page.first_id).toBe(page.data[0]?.id);
    expect(page.last_id).toBe(page.data.at(-1)?.id);
    next = target(link, 'next');
    expect(page.has_more).toBe(next !== undefined);
    expect(next ?? 'kind=a').toContain('kind=a');
    await insert(3);
    await admin.query('DELETE FROM notes.notes WHERE id = $1', [page.last_id]);
  }
  expect(seen).toEqual([...ids].reverse());
});

test('before leads back, in the same order', async () => {
  const ids = (await insert(5)).reverse();
  const { page, link } = await list(`limit=2&before=${ids[4]}`);
  expect(page.data.map(({ id }) => id)).toEqual([ids[2], ids[3]]);
  expect(page.has_more).toBe(true);
  const { page: first, link: firstLink } = await list(target(link, 'prev') ?? '');
  expect(first.data.map(({ id }) => id)).toEqual([ids[0], ids[1]]);
  expect(first.has_more).toBe(false);
  expect(target(firstLink, 'prev')).toBeUndefined();
  expect((await list(target(firstLink, 'next') ?? '')).page.data.map(({ id }) => id)).toEqual([ids[2], ids[3]]);
});

test.each(['limit=0', 'limit=101', 'limit=x', 'after=a&before=b'])('%s is a 400', async (query) => {
  const response = await service.fetch(`/v1/notes?${query}`);
  expect(await response.json()).toMatchObject({ status: 400, code: 'REQUEST_INVALID', errors: [{ in: 'query' }] });
});
