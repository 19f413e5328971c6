import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateDatabasePrograms } from '@genai-platform/common/testing';
import pg from 'pg';
import { describeCheckout } from '../../machine/checkout.ts';
import { startLocalPlatform, type LocalPlatform } from '../local-platform.ts';
import { developmentPlatform } from '../platform.ts';
import { runFromSource } from '../source-process.ts';

const platform = developmentPlatform(['search']);
const name = `test${String(process.pid)}`;
const named = { ...platform, metadata: { ...platform.metadata, name, namespace: name } };
const programs = locateDatabasePrograms();

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'local-platform-'));
});
afterAll(() => {
  for (const { root } of [programs.postgres, programs.valkey]) removeData(root);
  rmSync(directory, { recursive: true });
});

/** Data stay between runs by design; those of this test must not. */
function removeData(root: string): void {
  const folder = root === '/' ? join(import.meta.dirname, '../../../.hack') : join(root, 'run');
  const { id } = describeCheckout();
  for (const server of ['postgres', 'cache']) {
    rmSync(join(folder, 'genai-development', `${id}-${name}-${server}`), { recursive: true, force: true });
  }
}

/** Connects as the database setup of this platform would: by what its environment says, and nothing else. */
async function askAsAdministrator(local: LocalPlatform, sql: string): Promise<unknown[]> {
  const setup = local.jobs.flat().find((job) => job.name === 'database-setup');
  const env = setup?.env ?? {};
  const credential = (file: string): string => readFileSync(join(env['DATABASE_CREDENTIALS_DIR'] ?? '', file), 'utf8');
  const client = new pg.Client({
    host: env['DATABASE_HOST'],
    port: Number(env['DATABASE_PORT']),
    database: env['DATABASE_NAME'],
    user: credential('username'),
    password: credential('password'),
    ssl: { ca: readFileSync(env['DATABASE_TLS_CA_FILE'] ?? '', 'utf8') },
  });
  await client.connect();
  try {
    return (await client.query<{ value: unknown }>(sql)).rows.map(({ value }) => value);
  } finally {
    await client.end();
  }
}

test('the rendered environment leads a program to a database that proves who it is; its data stay', async () => {
  const first = await startLocalPlatform({ platform: named, programs, directory });
  await askAsAdministrator(first, 'CREATE TABLE kept AS SELECT 42 AS value');
  await first.stop();
  const second = await startLocalPlatform({ platform: named, programs, directory });
  expect(await askAsAdministrator(second, 'SELECT value FROM kept')).toEqual([42]);
  await second.stop();
});

test('without programs PGlite stands in, good enough for the setup and the migrations', async () => {
  const local = await startLocalPlatform({ platform: named, programs: undefined, directory });
  const said: string[] = [];
  for (const group of local.jobs) await Promise.all(group.map((job) => runFromSource(job, (line) => said.push(line))));
  await local.stop();
  expect(said.join('\n')).toContain('the schema is up to date');
});
