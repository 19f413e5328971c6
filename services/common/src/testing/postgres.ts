import { chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { locateDatabasePrograms, type DatabasePrograms } from './database-programs.ts';
import { copyTree, createServerFolder, freePort, startLocalServer } from './local-server.ts';
import type { LocalServer, ServerFolder } from './local-server.ts';

/** What kind of server is wanted. */
export interface PostgresOptions {
  /** Accepts connections over TLS only; its certificate is for `localhost` and 127.0.0.1, signed by `caFile`. */
  readonly tls?: boolean;
  /** A server that no other test uses, so that it may be stopped and started; otherwise one serves the whole process. */
  readonly dedicated?: boolean;
  /** Of a dedicated server's configuration, as `name=value`. */
  readonly settings?: readonly string[];
}

/** What is needed to connect. */
export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Database. */
  readonly name: string;
  readonly url: string;
}

/** A fresh database with the extension `vector`, owned by the superuser. */
export interface TestDatabase extends PostgresAddress {
  /** Drops the database and ends whatever connections it has. */
  close(): Promise<void>;
}

/** A running PostgreSQL 17 with pgvector; the address is the superuser's, of the database `postgres`. */
export interface TestPostgres extends PostgresAddress {
  /** The authority that signed the server's certificate; the server speaks TLS whether it insists or not. */
  readonly caFile: string;
  createDatabase(options?: { empty?: boolean }): Promise<TestDatabase>;
  /** Ends a dedicated server at once, as a crash would. A shared one stays for the tests after this one. */
  stop(): Promise<void>;
  /** Starts a stopped dedicated server again, with its data, at the same port. */
  start(): Promise<void>;
}

/** Speed before safety: nothing here outlives the machine, so what is written to the kernel is safe enough. */
const testSettings = [
  'fsync=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'shared_buffers=32MB',
  'max_connections=200',
  'jit=off',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'ssl=on',
];

const password = 'postgres';
const shared = new Map<boolean, Promise<TestPostgres>>();
let counter = 0;

/** Starts PostgreSQL, or returns the one that this process (jest worker) already has. Takes about 0.2 s. */
export async function startPostgres({
  tls = false,
  dedicated = false,
  settings = [],
}: PostgresOptions = {}): Promise<TestPostgres> {
  if (dedicated) return startServer(tls, settings);
  const running = shared.get(tls) ?? findOrStartShared(tls);
  shared.set(tls, running);
  return running;
}

/** A fresh database on this process's server: one call for each test file, `close()` when it is done. */
export async function createDatabase(options?: { empty?: boolean }): Promise<TestDatabase> {
  const postgres = await startPostgres();
  return postgres.createDatabase(options);
}

/** Test files of one jest worker share no memory, so the server's port is left in a file of the worker's folder. */
async function findOrStartShared(tls: boolean): Promise<TestPostgres> {
  const { postgres: programs } = locateDatabasePrograms();
  const file = join(createServerFolder(programs, 'shared').outside, tls ? 'postgres-tls.json' : 'postgres.json');
  if (existsSync(file)) {
    const found = describe((JSON.parse(readFileSync(file, 'utf8')) as { port: number }).port);
    if (await answers(found)) return found;
  }
  const started = await startServer(tls);
  writeFileSync(file, JSON.stringify({ port: started.port }));
  return started;
}

async function startServer(tls: boolean, settings: readonly string[] = []): Promise<TestPostgres> {
  const programs = locateDatabasePrograms();
  const folder = createServerFolder(programs.postgres);
  await copyTree(programs.postgres.template, join(folder.outside, 'data'));
  if (tls) refusePlain(join(folder.outside, 'data/pg_hba.conf'), programs);
  const port = await freePort();
  let server: LocalServer | undefined;
  const start = async (): Promise<void> => {
    server ??= await launch(programs, { folder, port, settings });
  };
  const stop = async (): Promise<void> => {
    await server?.stop('SIGQUIT');
    server = undefined;
  };
  await start();
  return { ...describe(port), stop, start };
}

interface Launch {
  readonly folder: ServerFolder;
  readonly port: number;
  readonly settings: readonly string[];
}

async function launch(programs: DatabasePrograms, { folder, port, settings }: Launch): Promise<LocalServer> {
  const { postgres } = programs;
  return startLocalServer({
    programs: postgres,
    command: [
      `${postgres.binaries}/postgres`,
      ...['-D', `${folder.inside}/data`, '-p', String(port)],
      ...[...testSettings, ...settings].flatMap((setting) => ['-c', setting]),
    ],
    folder,
    orphanSignal: 'QUIT',
    isReady: () => answers(describe(port)),
  });
}

function describe(port: number): TestPostgres {
  const notOurs = (): Promise<void> => Promise.resolve();
  return {
    ...address(port, 'postgres'),
    caFile: locateDatabasePrograms().tls.caFile,
    createDatabase: (options = {}) => createDatabaseOn(port, options.empty ?? false),
    stop: notOurs,
    start: notOurs,
  };
}

function address(port: number, name: string): PostgresAddress {
  const host = '127.0.0.1';
  const user = 'postgres';
  return { host, port, user, password, name, url: `postgres://${user}:${password}@${host}:${String(port)}/${name}` };
}

async function createDatabaseOn(port: number, empty: boolean): Promise<TestDatabase> {
  const name = `test_${String(process.pid)}_${String(Date.now())}_${String((counter += 1))}`;
  await administer(port, `CREATE DATABASE ${name} TEMPLATE ${empty ? 'template0' : 'with_vector'}`);
  return { ...address(port, name), close: () => administer(port, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function administer(port: number, statement: string): Promise<void> {
  const client = await connect(address(port, 'postgres'));
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function answers(postgres: PostgresAddress): Promise<boolean> {
  return connect(postgres).then(
    (client) => client.end().then(() => true),
    () => false,
  );
}

async function connect({ url }: PostgresAddress): Promise<pg.Client> {
  // The server's certificate is not what these connections are about.
  const client = new pg.Client({ connectionString: url, ssl: { rejectUnauthorized: false } });
  try {
    await client.connect();
  } catch (error) {
    await client.end(); // A refused connection would stay open.
    throw error;
  }
  return client;
}

function refusePlain(file: string, { postgres }: DatabasePrograms): void {
  writeFileSync(file, 'hostssl all all 127.0.0.1/32 scram-sha-256\n', { mode: 0o600 });
  if (process.getuid?.() === 0) chownSync(file, postgres.uid, postgres.gid);
}
