import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { migrate, silentLogger } from '../../src/index.ts';
import { createDatabase } from '../../src/testing/index.ts';
import type { TestDatabase } from '../../src/testing/index.ts';
import { credentialsFolder, databaseConfig } from '../builders/database.ts';

let database: TestDatabase;
let admin: pg.Client;
let folder: URL;

beforeEach(async () => {
  database = await createDatabase();
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query('DROP ROLE IF EXISTS notes_login; DROP ROLE IF EXISTS notes');
  await admin.query("CREATE ROLE notes NOLOGIN; CREATE ROLE notes_login LOGIN PASSWORD 'pw' IN ROLE notes");
  await admin.query('CREATE SCHEMA notes AUTHORIZATION notes');
  folder = pathToFileURL(mkdtempSync(join(tmpdir(), 'migrations-')));
});
afterEach(async () => {
  await admin.query('DROP OWNED BY notes CASCADE; DROP ROLE notes_login; DROP ROLE notes');
  await admin.end();
  await database.close();
});

const write = (name: string, sql: string): void => writeFileSync(new URL(`${folder.href}/${name}`), sql);
const run = (included: { name: string; sql: string }[] = []): Promise<string[]> =>
  migrate({
    config: databaseConfig(database, { DATABASE_CREDENTIALS_DIR: credentialsFolder('notes_login', 'pw') }),
    folder,
    included,
    log: silentLogger(),
  });

test('applies what is new, in order, once, as the owner of the schema', async () => {
  write('0002-more.sql', 'ALTER TABLE notes ADD COLUMN text text;');
  write('0001-notes.sql', 'CREATE TABLE notes (id int);\nCREATE INDEX ON notes (id);');
  expect(await run([{ name: 'kit-0001', sql: 'CREATE TABLE kit (id int)' }])).toEqual([
    'kit-0001',
    '0001-notes.sql',
    '0002-more.sql',
  ]);
  expect(await run([{ name: 'kit-0001', sql: 'CREATE TABLE kit (id int)' }])).toEqual([]);
  const { rows } = await admin.query("SELECT tableowner AS owner FROM pg_tables WHERE schemaname = 'notes'");
  expect(rows).toEqual([{ owner: 'notes' }, { owner: 'notes' }, { owner: 'notes' }]);
});

test('several at once apply each migration once', async () => {
  write('0001-notes.sql', 'CREATE TABLE notes (id int); SELECT pg_sleep(0.1)');
  write('0002-rows.sql', 'INSERT INTO notes VALUES (1)');
  const applied = await Promise.all([run(), run(), run()]);
  expect(applied.flat().sort()).toEqual(['0001-notes.sql', '0002-rows.sql']);
  expect((await admin.query('SELECT * FROM notes.notes')).rowCount).toBe(1);
});

test('a failure names file, line, column and code, and leaves nothing of the file', async () => {
  write('0001-notes.sql', 'CREATE TABLE notes (id int);\n-- größer\nINSERT INTO  nothing VALUES (1);');
  await expect(run()).rejects.toThrow('0001-notes.sql, line 3 column 14: relation "nothing" does not exist (42P01)');
  expect((await admin.query("SELECT 1 FROM pg_tables WHERE tablename = 'notes'")).rowCount).toBe(0);
});

test('a file that changed after it was applied is refused', async () => {
  write('0001-notes.sql', 'CREATE TABLE notes (id int)');
  await run();
  write('0001-notes.sql', 'CREATE TABLE notes (id bigint)');
  await expect(run()).rejects.toThrow('0001-notes.sql has changed since it was applied');
});

test('an older version finds the newer one’s migrations applied and goes on', async () => {
  await run([
    { name: 'a', sql: 'CREATE TABLE a (id int)' },
    { name: 'b', sql: 'CREATE TABLE b (id int)' },
  ]);
  expect(await run([{ name: 'a', sql: 'CREATE TABLE a (id int)' }])).toEqual([]);
});

test.each(['COMMIT;', 'begin;\nSELECT 1', 'SELECT 1;\n  ROLLBACK'])('refuses transaction control: %j', async (sql) => {
  write('0001-x.sql', sql);
  await expect(run()).rejects.toThrow('0001-x.sql begins or ends a transaction');
});

test('BEGIN inside a function body or a comment is no transaction control', async () => {
  write(
    '0001-x.sql',
    '-- begin;\nCREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $body$\nBEGIN\n  RETURN 1;\nEND $body$;',
  );
  expect(await run()).toEqual(['0001-x.sql']);
});

test('a file name that gives no order is refused', async () => {
  write('init.sql', 'SELECT 1');
  await expect(run()).rejects.toThrow('init.sql is not named NNNN-name.sql');
});
