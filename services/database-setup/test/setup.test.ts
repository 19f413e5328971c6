import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Postgres, silentLogger } from '@genai-platform/common';
import { createDatabase, startPostgres } from '@genai-platform/common/testing';
import type { TestDatabase } from '@genai-platform/common/testing';
import { runSetup } from '@genai-platform/database-setup';
import { scramVerifier } from '../src/domain/scram-verifier.ts';

/** Roles belong to the whole server, which other tests use too. */
const suffix = `${String(process.pid)}_${String(Date.now())}`;
const owner = `owner_${suffix}`;
const login = `login_${suffix}`;
const plan = { extensions: ['vector'], schemas: [{ name: owner, owner, login }] };

let folder: string;
let database: TestDatabase;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'database-setup-'));
  database = await createDatabase({ empty: true });
  await writePassword(login, 'first');
});

afterEach(async () => {
  await database.close();
  await query(await startPostgres(), `DROP ROLE IF EXISTS ${login}, ${owner}`);
  await rm(folder, { recursive: true });
});

async function writePassword(role: string, password: string): Promise<void> {
  await mkdir(join(folder, role), { recursive: true });
  await writeFile(join(folder, role, 'password'), `${password}\n`);
}

/** Writes the files of a setup, and says where they are. */
async function configured(content: unknown = plan, user = database): Promise<Record<string, string>> {
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  await file('username', user.user);
  await file('password', user.password);
  return {
    SERVICE_NAME: 'database-setup',
    LOG_LEVEL: 'silent',
    DATABASE_HOST: database.host,
    DATABASE_PORT: String(database.port),
    DATABASE_NAME: database.name,
    DATABASE_CREDENTIALS_DIR: folder,
    DATABASE_TLS_MODE: 'disable',
    DATABASE_SETUP_FILE: await file('setup.json', JSON.stringify(content)),
    DATABASE_LOGINS_DIR: folder,
  };
}

async function setUp(content: unknown = plan, user = database): Promise<0 | 1> {
  return await runSetup(await configured(content, user));
}

async function query(
  as: { host: string; port: number; user: string; password: string; name: string },
  text: string,
): Promise<unknown[]> {
  const client = new pg.Client({ ...as, database: as.name });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

const asLogin = (password: string, text: string): Promise<unknown[]> =>
  query({ ...database, user: login, password }, text);

/** As a kubelet puts it there. */
async function give(credentials: string, user: string, password: string): Promise<void> {
  await writeFile(join(credentials, 'username'), user);
  await writeFile(join(credentials, 'password'), password);
}

/** A service under load, with the kit's own pool; whatever fails is kept. */
class Load {
  readonly #failures: unknown[] = [];
  readonly #credentials: string;
  #pool: Postgres;
  #done = false;
  #answered = 0;
  readonly #loops: Promise<void>[];

  constructor(credentials: string) {
    this.#credentials = credentials;
    this.#pool = this.#connect();
    this.#loops = [1, 2, 3].map(() => this.#loop());
  }

  /** Waits for so many more answers. */
  async have(more: number): Promise<void> {
    for (const wanted = this.#answered + more; this.#answered < wanted && this.#failures.length === 0;) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** As a rolling update: the new pod answers before the old one ends. */
  async renew(): Promise<void> {
    const old = this.#pool;
    this.#pool = this.#connect();
    await this.have(5);
    await old.close();
  }

  async stop(): Promise<readonly unknown[]> {
    this.#done = true;
    await Promise.all(this.#loops);
    await this.#pool.close();
    return this.#failures;
  }

  #connect(): Postgres {
    const config = {
      DATABASE_HOST: database.host,
      DATABASE_PORT: database.port,
      DATABASE_NAME: database.name,
      DATABASE_SCHEMA: owner,
      DATABASE_CREDENTIALS_DIR: this.#credentials,
      DATABASE_TLS_MODE: 'disable' as const,
      DATABASE_POOL_MAX: 3,
    };
    return new Postgres({ config, log: silentLogger(), name: 'load' });
  }

  async #loop(): Promise<void> {
    while (!this.#done) {
      await this.#pool.rows({}, 'SELECT 1').then(
        () => (this.#answered += 1),
        (error: unknown) => this.#failures.push(error),
      );
    }
  }
}

test('gives a service its schema, and a login that can use it and the extension', async () => {
  expect(await setUp()).toBe(0);
  await asLogin('first', 'CREATE TABLE things (embedding vector(2))');
  expect(
    await asLogin('first', `SELECT relnamespace::regnamespace::text AS schema FROM pg_class WHERE relname = 'things'`),
  ).toEqual([{ schema: owner }]);
});

test('run again, it changes nothing but takes a new password up', async () => {
  await setUp();
  await asLogin('first', 'CREATE TABLE kept (id int)');
  await writePassword(login, 'second');
  expect(await setUp()).toBe(0);
  await expect(asLogin('first', 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  expect(await asLogin('second', 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }]);
});

test('keeps both generations of a login valid while one takes over from the other', async () => {
  await setUp();
  await asLogin('first', `SET ROLE ${owner}; CREATE TABLE shared (id int)`);
  const next = `${login}_g2`;
  await writePassword(next, 'next');
  expect(await setUp({ extensions: [], schemas: [{ name: owner, owner, login: next }] })).toBe(0);
  expect(await query({ ...database, user: next, password: 'next' }, 'SELECT * FROM shared')).toEqual([]);
  expect(await asLogin('first', 'SELECT * FROM shared')).toEqual([]);
  await query(database, `DROP OWNED BY ${next}; DROP ROLE ${next}`);
});

test('a password is replaced under load: no query fails, and the old login is gone when nobody uses it any more', async () => {
  const [first, second] = [`${login}_g1`, `${login}_g2`];
  await writePassword(first, 'one');
  await writePassword(second, 'two');
  const schema = { name: owner, owner, login: first };
  expect(await setUp({ extensions: [], schemas: [schema] })).toBe(0);
  const credentials = await mkdtemp(join(tmpdir(), 'credentials-'));
  await give(credentials, first, 'one');
  const users = new Load(credentials);
  await users.have(20);
  // Prepared: both are valid; whoever connects still uses the first.
  expect(await setUp({ extensions: [], schemas: [{ ...schema, next: second }] })).toBe(0);
  await users.have(20);
  // Switched: new connections use the second, those that are open go on.
  await give(credentials, second, 'two');
  expect(await setUp({ extensions: [], schemas: [{ ...schema, login: second }] })).toBe(0);
  await users.renew();
  await users.have(20);
  // Retired.
  expect(await setUp({ extensions: [], schemas: [{ ...schema, login: second, retire: first }] })).toBe(0);
  await users.have(20);
  expect(await users.stop()).toEqual([]);
  expect(await query(database, `SELECT rolname FROM pg_roles WHERE rolname IN ('${first}', '${second}')`)).toEqual([
    { rolname: second },
  ]);
  // Again, as a Job whose reply was lost would.
  expect(await setUp({ extensions: [], schemas: [{ ...schema, login: second, retire: first }] })).toBe(0);
  await query(database, `DROP OWNED BY ${second}; DROP ROLE ${second}`);
  await rm(credentials, { recursive: true });
});

test('a login that is retired is taken from whoever still uses it, and what it owns is the service’s', async () => {
  const [first, second] = [`${login}_g1`, `${login}_g2`];
  await writePassword(first, 'one');
  await writePassword(second, 'two');
  await setUp({ extensions: [], schemas: [{ name: owner, owner, login: first, next: second }] });
  await query({ ...database, user: first, password: 'one' }, 'CREATE TABLE made_by_hand (id int)');
  const straggler = new pg.Client({ ...database, database: database.name, user: first, password: 'one' });
  const ended = new Promise<void>((resolve) => straggler.on('error', () => resolve()));
  await straggler.connect();
  expect(await setUp({ extensions: [], schemas: [{ name: owner, owner, login: second, retire: first }] })).toBe(0);
  await ended;
  expect(await query(database, `SELECT tableowner FROM pg_tables WHERE tablename = 'made_by_hand'`)).toEqual([
    { tableowner: owner },
  ]);
  await expect(query({ ...database, user: first, password: 'one' }, 'SELECT 1')).rejects.toThrow(
    /authentication failed/,
  );
  await query(database, `DROP OWNED BY ${second}; DROP ROLE ${second}`);
}, 90_000);

test('needs no superuser where the extension is there already, as on a managed server', async () => {
  const admin = `admin_${suffix}`;
  await query(database, `CREATE EXTENSION vector`);
  await query(database, `CREATE ROLE ${admin} LOGIN CREATEROLE PASSWORD 'admin'`);
  await query(database, `GRANT ALL ON DATABASE ${database.name} TO ${admin}`);
  try {
    expect(await setUp(plan, { ...database, user: admin, password: 'admin' })).toBe(0);
    await asLogin('first', 'CREATE TABLE things (embedding vector(2))');
  } finally {
    await query(
      database,
      `DROP OWNED BY ${owner} CASCADE; DROP ROLE ${login}; DROP ROLE ${owner}; DROP OWNED BY ${admin}; DROP ROLE ${admin}`,
    );
  }
});

test('ten at once wait for each other', async () => {
  const environment = await configured();
  const statuses = await Promise.all(Array.from({ length: 10 }, () => runSetup(environment)));
  expect(statuses).toEqual(Array.from({ length: 10 }, () => 0));
});

test('makes the verifier that PostgreSQL would, so that no password is sent in the clear', () => {
  // The example of RFC 7677 section 3: user "user", password "pencil".
  const verifier = scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'));
  expect(verifier).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});

test.each([
  ['a name that is no identifier', { extensions: [], schemas: [{ name: 'a;b', owner, login }] }],
  ['an extension that the server lacks', { extensions: ['no_such_extension'], schemas: [] }],
  ['a login without a password', { extensions: [], schemas: [{ name: owner, owner, login: 'nobody' }] }],
])('fails with %s, and changes nothing', async (_what, content) => {
  expect(await setUp(content)).toBe(1);
  const schemas = await query(database, `SELECT 1 FROM pg_namespace WHERE nspname = '${owner}'`);
  expect(schemas).toEqual([]);
});
