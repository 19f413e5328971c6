import type { Identity } from '@genai-platform/common';
import { Postgres, silentLogger } from '@genai-platform/common';
import { createSearchDatabase } from '../harness/search-database.ts';
import type { SearchDatabase } from '../harness/search-database.ts';
import { startSearch } from '../harness/start-search.ts';
import type { TestSearch } from '../harness/start-search.ts';

let database: SearchDatabase;
let service: TestSearch;
const OWNER = { tenant: 'acme' };
/** Tenants whose names try to be another's. */
const HOSTILE = [
  'evil',
  'acme ',
  'ACME',
  "acme' OR '1'='1",
  'acme; SET app.tenant = acme',
  '%',
  '',
  'acm\u0435',
  '*',
  '"acme"',
];

beforeAll(async () => {
  database = await createSearchDatabase();
  service = await startSearch(database);
  await service.putIndex(
    'shared',
    { fields: { title: { type: 'text' }, tag: { type: 'keyword' } }, vector: { dimensions: 2 } },
    OWNER,
  );
  await service.putDocuments(
    'shared',
    [{ id: 'secret', fields: { title: 'Confidential plan', tag: 'x' }, vector: [1, 0] }],
    OWNER,
  );
});
afterAll(async () => {
  await service.close();
  await database.close();
});

test.each(HOSTILE)('tenant "%s" sees, changes and removes nothing of another tenant', async (tenant) => {
  const as: Partial<Identity> = { tenant };
  const statuses = [];
  for (const [method, path, json] of [
    ['GET', '/shared'],
    ['POST', '/shared/search', { q: 'confidential' }],
    ['POST', '/shared/documents', { documents: [{ id: 'planted', fields: {} }] }],
    ['POST', '/shared/documents/delete', { ids: ['secret'] }],
    ['GET', '/shared/documents/secret'],
    ['DELETE', '/shared/documents/secret'],
    ['DELETE', '/shared'],
    ['GET', '/shared/suggest?q=conf'],
    ['POST', '/shared/explain', { id: 'secret', q: 'plan' }],
    ['GET', '/shared/stats'],
  ] as const) {
    const response = await service.fetch(`/v1/search/indexes${path}`, { method, as, ...(json && { json }) });
    statuses.push(response.status);
    expect(await response.text()).not.toMatch(/confidential/i);
  }
  // An empty tenant is no identity at all.
  expect(new Set(statuses)).toEqual(new Set([tenant === '' ? 401 : 404]));
  if (tenant !== '')
    expect(await (await service.fetch('/v1/search/indexes', { as })).json()).toMatchObject({ data: [] });
  expect((await service.search('shared', { q: 'confidential' }, OWNER)).total).toBe(1);
});

test('an index of the same name is another index, also while both are in memory', async () => {
  const as = { tenant: 'neighbour' };
  await service.putIndex('shared', { fields: { title: { type: 'text' } } }, as);
  await service.putDocuments('shared', [{ id: 'own', fields: { title: 'Own plan' } }], as);
  const found = async (who: Partial<Identity>): Promise<string[]> =>
    (await service.search('shared', { q: 'plan' }, who)).data.map(({ id }) => id);
  for (let i = 0; i < 3; i++) {
    expect(await found(as)).toEqual(['own']);
    expect(await found(OWNER)).toEqual(['secret']);
  }
  const multi = await service.fetch('/v1/search/multi-search', {
    json: { searches: [{ index: 'shared', q: 'confidential' }] },
    as,
  });
  expect(await multi.json()).toMatchObject({ data: [{ status: 200, result: { total: 0 } }] });
});

describe('below the service, in the database', () => {
  let db: Postgres;
  let tables: string[];
  beforeAll(async () => {
    db = new Postgres({ config: database.config, log: silentLogger(), name: 'intruder' });
    tables = (
      await database.admin(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'search' AND relkind = 'r' AND relname <> 'schema_migrations'",
      )
    ).map((row) => row.relname as string);
  });
  afterAll(() => db.close());

  test('every table, also those made later for vectors, lets through the rows of the tenant alone', async () => {
    expect(tables.length).toBeGreaterThanOrEqual(6);
    for (const table of tables) {
      const count = async (tenant?: string): Promise<number> => {
        const identity = tenant === undefined ? {} : { identity: { tenant, subject: 'x' } };
        const [row] = await db.rows<{ n: string }>(identity, `SELECT count(*) AS n FROM ${table}`);
        return Number(row!.n);
      };
      const [all] = await database.admin(`SELECT count(*) AS n FROM search.${table} WHERE tenant = 'acme'`);
      expect([table, await count('acme')]).toEqual([table, Number(all!.n)]);
      expect([table, await count('nobody'), await count()]).toEqual([table, 0, 0]);
    }
  });

  test('a statement that forgot the tenant can neither change nor plant rows of another', async () => {
    const identity = { tenant: 'nobody', subject: 'x' };
    for (const table of tables) expect(await db.rows({ identity }, `DELETE FROM ${table} RETURNING 1`)).toEqual([]);
    const plant = db.rows(
      { identity },
      "INSERT INTO indexes (tenant, name, settings) VALUES ('acme', 'planted', '{}')",
    );
    await expect(plant).rejects.toThrow('row-level security');
  });

  test("the functions that make and drop vector tables know the caller's own indexes only", async () => {
    const [row] = await database.admin("SELECT index_id FROM search.indexes WHERE tenant = 'acme' AND name = 'shared'");
    const identity = { tenant: 'nobody', subject: 'x' };
    await expect(db.rows({ identity }, 'SELECT drop_vector_table($1)', [row!.index_id])).rejects.toThrow(
      'there is no such index',
    );
    expect(
      (await service.search('shared', { mode: 'vector', vector: [1, 0] }, OWNER)).data.map(({ id }) => id),
    ).toEqual(['secret']);
  });
});
