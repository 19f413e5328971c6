import { createTestContext, freePort, startPostgres, startService } from '@genai-platform/common/testing';
import { createApp } from '../src/app.ts';
import { SearchConfig } from '../src/config.ts';
import { createDeps } from '../src/deps.ts';
import { createSearchDatabase } from './harness/search-database.ts';
import { startSearch } from './harness/start-search.ts';

test('starts while the database is away, and says so', async () => {
  const context = createTestContext({ name: 'search' });
  const config = SearchConfig.parse({
    SERVICE_NAME: 'search',
    HTTP_PORT: 0,
    IDENTITY_KEY_FILE: context.testIdentity.keyFile,
    DATABASE_HOST: '127.0.0.1',
    DATABASE_PORT: await freePort(),
    DATABASE_NAME: 'none',
    DATABASE_SCHEMA: 'search',
    DATABASE_CREDENTIALS_DIR: '/nowhere',
  });
  const service = await startService(createApp(createDeps(config, context)), context);
  const ready = await service.fetch('/readyz');
  const { checks } = (await ready.json()) as { checks: { name: string; ok: boolean }[] };
  expect([ready.status, checks.map(({ name, ok }) => [name, ok])]).toEqual([
    503,
    [
      ['database', false],
      ['vectors', false],
    ],
  ]);
  const listed = await service.fetch('/v1/search/indexes');
  expect([listed.status, listed.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
  await service.close();
});

test('keeps every acknowledged document over a crash of the database, and goes on by itself', async () => {
  const server = await startPostgres({ dedicated: true });
  const database = await createSearchDatabase({ server });
  const service = await startSearch(database);
  await service.putIndex('kept', { fields: { title: { type: 'text' } } });
  for (let i = 0; i < 12; i++)
    await service.putDocuments('kept', [{ id: `d${i}`, fields: { title: `word${i} common` } }]);
  await service.deps.engine.merger.idle();
  await server.stop();
  expect((await service.fetch('/v1/search/indexes/kept/search', { json: { q: 'common' } })).status).toBe(503);
  await server.start();
  expect((await service.search('kept', { q: 'common', limit: 50 })).total).toBe(12);
  expect(await service.putDocuments('kept', [{ id: 'after', fields: { title: 'common again' } }])).toEqual([201]);
  await service.deps.engine.merger.idle();
  expect((await service.search('kept', { q: 'common', limit: 50 })).total).toBe(13);
  await service.close();
  await server.stop();
}, 120_000);
