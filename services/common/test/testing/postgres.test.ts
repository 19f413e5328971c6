import { readFileSync } from 'node:fs';
import pg from 'pg';
import { createDatabase, startPostgres } from '../../src/testing/postgres.ts';

async function ask(config: pg.ClientConfig, sql: string): Promise<unknown[]> {
  const client = new pg.Client(config);
  try {
    await client.connect();
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

describe('a test database', () => {
  test('is a real PostgreSQL 17 with pgvector', async () => {
    const database = await createDatabase();
    const sql = `SELECT current_setting('server_version_num')::int / 10000, '[1,2]'::vector <-> '[1,4]'`;
    expect(await ask({ connectionString: database.url }, sql)).toEqual([17, 2]);
    await database.close();
  });

  test('is empty on request, so that a setup can be seen to create the extension', async () => {
    const database = await createDatabase({ empty: true });
    expect(await ask({ connectionString: database.url }, 'SELECT extname FROM pg_extension')).toEqual(['plpgsql']);
    await database.close();
  });

  test('is closed even while somebody is connected', async () => {
    const database = await createDatabase();
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    await database.close();
    await expect(ask({ connectionString: database.url }, 'SELECT 1')).rejects.toThrow('does not exist');
    await client.end();
  });
});

describe('a server', () => {
  test('is one for the whole process', async () => {
    expect((await startPostgres()).port).toBe((await startPostgres()).port);
  });

  test('with tls proves who it is and refuses to speak in the clear', async () => {
    const postgres = await startPostgres({ tls: true });
    const ca = readFileSync(postgres.caFile, 'utf8');
    const { host, port, user, password } = postgres;
    const config = { host, port, user, password, database: 'postgres' };
    const sql = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
    expect(await ask({ ...config, ssl: { ca } }, sql)).toEqual([true]);
    await expect(ask(config, sql)).rejects.toThrow('no encryption');
    await expect(ask({ ...config, ssl: true }, sql)).rejects.toThrow(/self-signed|unable to (get|verify)/);
  });

  test('checks passwords', async () => {
    const { url } = await startPostgres();
    await expect(ask({ connectionString: url.replace(':postgres@', ':wrong@') }, 'SELECT 1')).rejects.toThrow(
      'password',
    );
  });

  test('of its own may be stopped, and comes back with its data at the same port', async () => {
    const postgres = await startPostgres({ dedicated: true });
    const database = await postgres.createDatabase();
    await ask({ connectionString: database.url }, 'CREATE TABLE kept (n int)');
    await postgres.stop();
    await expect(ask({ connectionString: database.url }, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await postgres.start();
    expect(await ask({ connectionString: database.url }, 'SELECT count(*)::int FROM kept')).toEqual([0]);
    await postgres.stop();
  });
});
