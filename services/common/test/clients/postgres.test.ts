import pg from 'pg';
import { connect as netConnect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { AppError, Metrics, Postgres, silentLogger } from '../../src/index.ts';
import type { DatabaseConfig } from '../../src/index.ts';
import { createDatabase, startPostgres } from '../../src/testing/index.ts';
import type { TestDatabase } from '../../src/testing/index.ts';
import { credentialsFolder, databaseConfig, writeCredentials } from '../builders/database.ts';

let database: TestDatabase;
let admin: pg.Client;
const open: Postgres[] = [];

beforeAll(async () => {
  database = await createDatabase();
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query('CREATE SCHEMA notes; CREATE TABLE notes.notes (id int PRIMARY KEY, text text)');
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((db) => db.close()));
  await admin.query('TRUNCATE notes.notes');
});
afterAll(async () => {
  await admin.end();
  await database.close();
});

function connect(overrides: Partial<DatabaseConfig> = {}): Postgres {
  const db = new Postgres({ config: databaseConfig(database, overrides), log: silentLogger(), name: 'notes' });
  open.push(db);
  return db;
}

const count = async (): Promise<number> => (await admin.query('SELECT 1 FROM notes.notes')).rowCount ?? 0;

test('commits what resolves and rolls back what rejects', async () => {
  const db = connect();
  await db.withTransaction({}, (tx) => tx.query('INSERT INTO notes VALUES (1, $1)', ['a']));
  const failed = db.withTransaction({}, async (tx) => {
    await tx.query('INSERT INTO notes VALUES (2)');
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  expect(await count()).toBe(1);
});

test('gives back rows, the first row, or none', async () => {
  const db = connect();
  expect(await db.rows({}, 'SELECT 1 AS n UNION SELECT 2 ORDER BY 1')).toEqual([{ n: 1 }, { n: 2 }]);
  await db.withTransaction({ readOnly: true }, async (tx) => {
    expect(await tx.row('SELECT 7 AS n')).toEqual({ n: 7 });
    expect(await tx.row('SELECT 7 AS n WHERE false')).toBeUndefined();
  });
});

test('identity and settings last as long as the transaction, on every connection', async () => {
  const db = connect({ DATABASE_POOL_MAX: 1 });
  const read = 'SELECT current_setting($1, true) AS value';
  const identity = { tenant: "o'brien", subject: 'ada' };
  expect(await db.rows({ identity }, read, ['app.tenant'])).toEqual([{ value: "o'brien" }]);
  expect(await db.rows({}, read, ['app.tenant'])).toEqual([{ value: '' }]);
  expect(await db.rows({ statementTimeoutMs: 1_234 }, read, ['statement_timeout'])).toEqual([{ value: '1234ms' }]);
  expect(await db.rows({}, read, ['search_path'])).toEqual([{ value: 'notes, public' }]);
});

test('leaves no prepared statement and no session state behind', async () => {
  const db = connect({ DATABASE_POOL_MAX: 1 });
  await db.rows({ identity: { tenant: 't', subject: 's' } }, 'SELECT $1::int', [1]);
  expect(await db.rows({}, 'SELECT name FROM pg_prepared_statements')).toEqual([]);
});

test('a statement that takes too long is a 504', async () => {
  const slow = connect().rows({ statementTimeoutMs: 20 }, 'SELECT pg_sleep(5)');
  await expect(slow).rejects.toMatchObject({ code: 'DATABASE_TIMEOUT', status: 504 });
});

test('an abort cancels what runs in the server, and the connection stays usable', async () => {
  const db = connect({ DATABASE_POOL_MAX: 1 });
  const controller = new AbortController();
  const [{ pid } = { pid: 0 }] = await db.rows<{ pid: number }>({}, 'SELECT pg_backend_pid() AS pid');
  const slow = db.rows({ signal: controller.signal }, 'SELECT pg_sleep(60)');
  const stopped = expect(slow).rejects.toThrow('the client has gone');
  for (;;) {
    const { rows } = await admin.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'", [
      pid,
    ]);
    if (rows.length > 0) break;
  }
  controller.abort(new Error('the client has gone'));
  await stopped;
  expect(await db.rows({}, 'SELECT pg_backend_pid() AS pid')).toEqual([{ pid }]);
});

test('a full pool is a 503 that says when to come back', async () => {
  const db = connect({ DATABASE_POOL_MAX: 1 });
  const controller = new AbortController();
  const hog = db.rows({ signal: controller.signal }, 'SELECT pg_sleep(30)').catch(() => undefined);
  await expect(db.ping()).rejects.toMatchObject({ code: 'DATABASE_BUSY', status: 503, retryAfterSeconds: 1 });
  controller.abort();
  await hog;
}, 15_000);

test('nothing at the address is a 503 after a few attempts', async () => {
  const db = connect({ DATABASE_PORT: 1 });
  await expect(db.ping()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', status: 503, retryable: true });
});

test('connections that died while idle are replaced without a failed request', async () => {
  const db = connect();
  await Promise.all([1, 2, 3].map(() => db.ping()));
  await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'notes'");
  await Promise.all([1, 2, 3].map(() => db.ping()));
});

test('a server that crashes during a statement fails that statement, and nothing else', async () => {
  const server = await startPostgres({ dedicated: true });
  const config = { ...databaseConfig(server), DATABASE_SCHEMA: 'public' };
  const db = new Postgres({ config, log: silentLogger(), name: 'notes' });
  open.push(db);
  const running = expect(db.rows({}, 'SELECT pg_sleep(60)')).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  const watcher = new pg.Client({ connectionString: server.url });
  watcher.on('error', () => undefined);
  await watcher.connect();
  for (;;) {
    const { rowCount } = await watcher.query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
    if (rowCount) break;
  }
  await server.stop();
  await running;
  await server.start();
  expect(await db.rows({}, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await watcher.end().catch(() => undefined);
});

test('a server that falls silent fails what runs, and the next request finds a connection that works', async () => {
  let silent = false;
  const sockets: Socket[] = [];
  const relay = createServer((near) => {
    const far = netConnect(database.port, database.host);
    sockets.push(near, far);
    near.on('data', (data) => silent || far.write(data)).on('error', () => undefined);
    far.on('data', (data) => silent || near.write(data)).on('error', () => undefined);
    near.on('close', () => far.destroy());
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const db = connect({ DATABASE_PORT: (relay.address() as AddressInfo).port });
  await db.rows({}, 'SELECT 1');
  const failing = db.withTransaction({ statementTimeoutMs: 10 }, async (tx) => {
    silent = true;
    await tx.query('SELECT 1');
  });
  await expect(failing).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', status: 503 });
  silent = false;
  expect(await db.rows({}, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  for (const socket of sockets) socket.destroy();
  relay.close();
}, 30_000);

test('a missing file of the credentials is said to be that, at once', async () => {
  const db = connect({ DATABASE_CREDENTIALS_DIR: '/nowhere' });
  const error = await db.ping().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'DATABASE_CREDENTIALS_UNREADABLE', status: 503, retryable: false });
  expect((error as Error).cause).toMatchObject({
    message: expect.stringMatching(/^the credentials file \/nowhere\/(username|password) does not exist$/) as string,
  });
});

test('a rotated user and password are used by the next connection', async () => {
  await admin.query("CREATE ROLE notes_g1 LOGIN PASSWORD 'one'; CREATE ROLE notes_g2 LOGIN PASSWORD 'two'");
  const folder = credentialsFolder('notes_g1', 'one');
  const db = connect({ DATABASE_CREDENTIALS_DIR: folder });
  expect(await db.rows({}, 'SELECT current_user AS me')).toEqual([{ me: 'notes_g1' }]);
  writeCredentials(folder, 'notes_g2', 'two');
  await admin.query(
    "ALTER ROLE notes_g1 NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'notes_g1'",
  );
  expect(await db.rows({}, 'SELECT current_user AS me')).toEqual([{ me: 'notes_g2' }]);
  await admin.query('DROP ROLE notes_g1');
});

test('a wrong password never shows up in the error', async () => {
  const db = connect({ DATABASE_CREDENTIALS_DIR: credentialsFolder('postgres', 'hunter2') });
  const error = await db.ping().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect(JSON.stringify([error, (error as AppError).cause, String((error as AppError).cause)])).not.toContain(
    'hunter2',
  );
});

test('runs a transaction again after a serialization failure, as often as allowed', async () => {
  const db = connect();
  await admin.query("INSERT INTO notes.notes VALUES (1, '0')");
  const increment = (): Promise<void> =>
    db.withTransaction({ isolation: 'serializable', retries: 20 }, async (tx) => {
      const row = await tx.row<{ text: string }>('SELECT text FROM notes WHERE id = 1');
      await tx.query('UPDATE notes SET text = $1 WHERE id = 1', [String(Number(row?.text) + 1)]);
    });
  await Promise.all(Array.from({ length: 4 }, increment));
  expect((await admin.query('SELECT text FROM notes.notes')).rows).toEqual([{ text: '4' }]);
});

test('a read-only transaction cannot write', async () => {
  await expect(connect().rows({ readOnly: true }, 'INSERT INTO notes VALUES (1)')).rejects.toMatchObject({
    code: '25006',
  });
});

test('other errors of the database pass through with their code', async () => {
  const db = connect();
  await db.rows({}, 'INSERT INTO notes VALUES (1)');
  await expect(db.rows({}, 'INSERT INTO notes VALUES (1)')).rejects.toMatchObject({ code: '23505' });
});

test('reports the pool', async () => {
  const metrics = new Metrics('notes');
  const db = new Postgres({ config: databaseConfig(database), log: silentLogger(), name: 'notes', metrics });
  open.push(db);
  await db.ping();
  expect(await metrics.registry.metrics()).toContain('genai_notes_database_pool_connections{state="idle"} 1');
});

describe('over TLS', () => {
  test('verifies the server by the given authority', async () => {
    const server = await startPostgres({ tls: true });
    const own = await server.createDatabase();
    await withSchema(own.url);
    const config = {
      ...databaseConfig(own),
      DATABASE_TLS_MODE: 'verify-full' as const,
      DATABASE_TLS_CA_FILE: server.caFile,
    };
    for (const host of ['127.0.0.1', 'localhost']) {
      const db = new Postgres({ config: { ...config, DATABASE_HOST: host }, log: silentLogger(), name: 'notes' });
      expect(await db.rows({}, 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).toEqual([{ ssl: true }]);
      await db.close();
    }
    const { DATABASE_TLS_CA_FILE: _, ...withoutCa } = config;
    const strict = new Postgres({ config: withoutCa, log: silentLogger(), name: 'notes' });
    await expect(strict.ping()).rejects.toThrow(/certificate/);
    await strict.close();
    await own.close();
  });

  test('refuses a server that answers to another name', async () => {
    const server = await startPostgres({ tls: true });
    const config = {
      ...databaseConfig(server),
      DATABASE_TLS_MODE: 'verify-full' as const,
      DATABASE_TLS_CA_FILE: server.caFile,
    };
    const db = new Postgres({ config: { ...config, DATABASE_HOST: '127.0.0.2' }, log: silentLogger(), name: 'notes' });
    const proxy = await forward('127.0.0.2', server.port);
    const wrong = new Postgres({
      config: { ...config, DATABASE_HOST: '127.0.0.2', DATABASE_PORT: proxy.port },
      log: silentLogger(),
      name: 'n',
    });
    await expect(wrong.ping()).rejects.toThrow(/altnames|does not match/i);
    await wrong.close();
    await db.close();
    proxy.close();
  });
});

async function withSchema(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, ssl: { rejectUnauthorized: false } });
  await client.connect();
  await client.query('CREATE SCHEMA notes');
  await client.end();
}

async function forward(host: string, port: number): Promise<{ port: number; close: () => void }> {
  const { connect: connectTo } = await import('node:net');
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connectTo(port, '127.0.0.1');
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    incoming.pipe(outgoing).pipe(incoming);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const close = (): void => {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  };
  return { port: (server.address() as AddressInfo).port, close };
}
