import pg from 'pg';
import { Postgres, silentLogger } from '../../src/index.ts';
import type { DatabaseConfig, TransactionOptions } from '../../src/index.ts';
import { createDatabase } from '../../src/testing/index.ts';
import type { TestDatabase } from '../../src/testing/index.ts';
import { databaseConfig } from '../builders/database.ts';

let database: TestDatabase;
let admin: pg.Client;
const open: Postgres[] = [];

beforeAll(async () => {
  database = await createDatabase();
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query('CREATE SCHEMA notes; CREATE TABLE notes.notes (id int PRIMARY KEY)');
});
afterEach(() => Promise.all(open.splice(0).map((db) => db.close())));
afterAll(async () => {
  await admin.end();
  await database.close();
});

function connect(overrides: Partial<DatabaseConfig> = {}): Postgres {
  const config = databaseConfig(database, overrides);
  const db = new Postgres({ config, log: silentLogger(), name: 'reader', pipeline: true });
  open.push(db);
  return db;
}

const reading = { readOnly: true };

test('its settings hold for every statement and end with it, on one connection', async () => {
  const db = connect({ DATABASE_POOL_MAX: 1 });
  const read = "SELECT current_setting('app.tenant', true) AS tenant, current_setting('app.more', true) AS more";
  const identity = { tenant: "o'brien", subject: 'ada' };
  const set = { tenant: "o'brien", more: 'a' };
  await db.withTransaction({ ...reading, identity, settings: { 'app.more': 'a' } }, async (tx) => {
    expect(await Promise.all([tx.row(read), tx.row(read)])).toEqual([set, set]);
    expect(await tx.row(read)).toEqual(set);
  });
  expect(await db.rows(reading, read)).toEqual([{ tenant: '', more: '' }]);
  expect(await db.rows(reading, 'SELECT name FROM pg_prepared_statements')).toEqual([]);
});

test('sees one moment of one transaction in all statements', async () => {
  await connect().withTransaction(reading, async (tx) => {
    const ask = (): Promise<unknown> => tx.row("SELECT now(), current_setting('transaction_read_only') AS read");
    const first = await ask();
    expect(first).toMatchObject({ read: 'on' });
    expect(await ask()).toEqual(first);
  });
});

test('without a statement it takes no connection', async () => {
  const db = connect({ DATABASE_PORT: 1 });
  expect(await db.withTransaction(reading, () => Promise.resolve(7))).toBe(7);
});

const ways: Record<string, (db: Postgres, sql: string, more?: TransactionOptions) => Promise<pg.QueryResultRow[]>> = {
  'one statement alone': (db, sql, more) => db.rows({ ...reading, ...more }, sql),
  'a statement of several': (db, sql, more) => db.withTransaction({ ...reading, ...more }, (tx) => tx.rows(sql)),
};

describe.each(Object.entries(ways))('%s', (_name, rows) => {
  test('that fails rolls back, and the connection serves the next one', async () => {
    const db = connect({ DATABASE_POOL_MAX: 1 });
    const [first] = await rows(db, 'SELECT pg_backend_pid() AS pid');
    await expect(rows(db, 'INSERT INTO notes VALUES (1)')).rejects.toMatchObject({ code: '25006' });
    await expect(rows(db, 'SELECT pg_sleep(5)', { statementTimeoutMs: 20 })).rejects.toMatchObject({
      code: 'DATABASE_TIMEOUT',
    });
    expect(await rows(db, 'SELECT pg_backend_pid() AS pid')).toEqual([first]);
  });

  test('is cancelled in the server by an abort', async () => {
    const db = connect({ DATABASE_POOL_MAX: 1 });
    const controller = new AbortController();
    const slow = rows(db, 'SELECT pg_sleep(60)', { signal: controller.signal });
    const stopped = expect(slow).rejects.toThrow('the client has gone');
    const asleep = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'reader' AND wait_event = 'PgSleep'";
    while ((await admin.query(asleep)).rowCount === 0);
    controller.abort(new Error('the client has gone'));
    await stopped;
    expect((await admin.query(asleep)).rowCount).toBe(0);
  });

  test('does not fail by connections that died while they were idle', async () => {
    const db = connect();
    const ask = (): Promise<unknown> => Promise.all([1, 2, 3].map(() => rows(db, 'SELECT 1 AS one')));
    await ask();
    await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'reader'");
    expect(await ask()).toEqual([1, 2, 3].map(() => [{ one: 1 }]));
  });

  test('fails alone where its connection breaks under it', async () => {
    const db = connect({ DATABASE_POOL_MAX: 1 });
    const failed = rows(db, 'SELECT pg_terminate_backend(pg_backend_pid())');
    await expect(failed).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(await rows(db, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

test('what is thrown between statements rolls back, and the connection serves the next one', async () => {
  const db = connect({ DATABASE_POOL_MAX: 1 });
  const [first] = await db.rows(reading, 'SELECT pg_backend_pid() AS pid');
  const thrown = db.withTransaction(reading, async (tx) => {
    await tx.query('SELECT 1');
    throw new Error('no');
  });
  await expect(thrown).rejects.toThrow('no');
  expect(await db.rows(reading, 'SELECT pg_backend_pid() AS pid')).toEqual([first]);
});

test.each([true, false])('statements given together are one transaction (read only: %s)', async (readOnly) => {
  const db = connect({ DATABASE_POOL_MAX: 1 });
  const ask = { text: "SELECT now(), current_setting('app.tenant') AS tenant, $1::int AS given", values: [1] };
  const identity = { tenant: 'acme', subject: 'ada' };
  const [first, second] = await db.rowsOfEach({ readOnly, identity }, [ask, { ...ask, values: [2] }]);
  expect(first).toMatchObject([{ tenant: 'acme', given: 1 }]);
  expect(second).toEqual([{ ...first?.[0], given: 2 }]);
  const failed = db.rowsOfEach({ readOnly }, [{ text: 'SELECT 1 / 0' }, { text: 'SELECT 1' }]);
  await expect(failed).rejects.toMatchObject({ code: '22012' });
  expect(await db.rows(reading, "SELECT current_setting('app.tenant', true) AS tenant")).toEqual([{ tenant: '' }]);
});

test('writes go on as before', async () => {
  const db = connect();
  await db.rows({}, 'INSERT INTO notes VALUES (7)');
  expect(await db.rows(reading, 'SELECT id FROM notes')).toEqual([{ id: 7 }]);
});
