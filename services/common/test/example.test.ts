import { readFileSync } from 'node:fs';
import pg from 'pg';
import {
  createDatabase,
  createTestContext,
  createTestIdentity,
  describeServiceConventions,
  startService,
} from '../src/testing/index.ts';
import type { TestDatabase } from '../src/testing/index.ts';
import { migrate, silentLogger } from '../src/index.ts';
import { credentialsFolder, databaseConfig } from './builders/database.ts';
import { startProcess } from './builders/service-process.ts';
import { createApp } from './example/app.ts';
import { createDeps } from './example/deps.ts';

const folder = new URL('./example/', import.meta.url);
const identity = createTestIdentity();
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  const admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query('CREATE ROLE example_notes NOLOGIN; CREATE SCHEMA example_notes AUTHORIZATION example_notes');
  await admin.end();
});
afterAll(async () => {
  await database.close();
  const server = await createDatabase();
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query('DROP ROLE example_notes');
  await admin.end();
  await server.close();
});

const environment = (): Record<string, string> => ({
  SERVICE_NAME: 'notes',
  HTTP_HOST: '127.0.0.1',
  HTTP_PORT: '0',
  IDENTITY_KEY_FILE: identity.keyFile,
  DATABASE_HOST: database.host,
  DATABASE_PORT: String(database.port),
  DATABASE_NAME: database.name,
  DATABASE_SCHEMA: 'example_notes',
  DATABASE_CREDENTIALS_DIR: credentialsFolder(database.user, database.password),
  DATABASE_TLS_MODE: 'disable',
  SHUTDOWN_DRAIN_DELAY_SECONDS: '0',
});

test('the README shows the example as it is', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  for (const file of ['main.ts', 'config.ts', 'deps.ts', 'app.ts', 'routes/notes.ts']) {
    expect(readme).toContain(`\`\`\`ts\n${readFileSync(new URL(file, folder), 'utf8').trimEnd()}\n\`\`\``);
  }
});

test('the example migrates, serves, keeps notes apart by tenant, and stops', async () => {
  const main = new URL('main.ts', folder).pathname;
  const migration = startProcess(main, environment(), ['migrate']);
  expect(await migration.ended).toBe(0);
  expect(migration.lines.at(-1)?.message).toBe('the schema is up to date');

  const service = startProcess(main, environment());
  const { port } = await service.line('listening');
  const ask = async (method: string, path: string, tenant: string, note?: object): Promise<Response> =>
    await fetch(`http://127.0.0.1:${String(port)}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await identity.token('notes', { tenant })}`,
        'content-type': 'application/json',
      },
      ...(note === undefined ? {} : { body: JSON.stringify(note) }),
    });
  const written = await ask('POST', '/v1/notes', 'acme', { text: 'remember' });
  expect(written.status).toBe(201);
  const { id } = (await written.json()) as { id: string };
  const read = await ask('GET', `/v1/notes/${id}`, 'acme');
  expect(await read.json()).toMatchObject({ id, text: 'remember' });
  expect((await ask('GET', `/v1/notes/${id}`, 'other')).status).toBe(404);
  service.kill('SIGTERM');
  expect(await service.ended).toBe(0);
}, 30_000);

describeServiceConventions('notes', {
  start: async () => {
    const context = createTestContext({ name: 'notes' });
    const config = databaseConfig(database, { DATABASE_SCHEMA: 'example_notes' });
    await migrate({ config, folder: new URL('migrations', folder), log: silentLogger() });
    const deps = createDeps({ ...config, NOTES_MAX_PER_TENANT: 10 } as never, context);
    return await startService(createApp(deps), context);
  },
});
