import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, silentLogger } from '@genai-platform/common';
import type { DatabaseConfig } from '@genai-platform/common';
import { startPostgres } from '@genai-platform/common/testing';
import type { TestDatabase, TestPostgres } from '@genai-platform/common/testing';
import pg from 'pg';

const PASSWORD = 'search-password';

/** A database as the platform sets it up: the schema belongs to a role that cannot log in, the service's login is a member. */
export interface SearchDatabase {
  readonly config: DatabaseConfig;
  /** Runs SQL as the superuser, past all row-level security. */
  admin(sql: string, values?: readonly unknown[]): Promise<pg.QueryResultRow[]>;
  close(): Promise<void>;
}

export interface SearchDatabaseOptions {
  /** Whether pgvector is installed; true by default. */
  readonly vector?: boolean;
  /** The one that all tests share by default. */
  readonly server?: TestPostgres;
}

/** Makes a database with the service's migrations applied by its own login. */
export async function createSearchDatabase({
  vector = true,
  server,
}: SearchDatabaseOptions = {}): Promise<SearchDatabase> {
  const database = await (server ?? (await startPostgres())).createDatabase({ empty: !vector });
  const client = new pg.Client({ connectionString: database.url });
  // A test may stop the server under it.
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'search') THEN CREATE ROLE search NOLOGIN; END IF;
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'search_g1') THEN
        CREATE ROLE search_g1 LOGIN PASSWORD '${PASSWORD}' IN ROLE search;
      END IF;
    END $$;
    CREATE SCHEMA search AUTHORIZATION search;`);
  const config = databaseConfig(database);
  await migrate({ config, folder: new URL('../../migrations', import.meta.url), log: silentLogger() });
  return {
    config,
    admin: async (sql, values = []) => (await client.query<pg.QueryResultRow>(sql, [...values])).rows,
    close: async () => {
      await client.end();
      await database.close();
    },
  };
}

function databaseConfig(database: TestDatabase): DatabaseConfig {
  const folder = mkdtempSync(join(tmpdir(), 'search-credentials-'));
  writeFileSync(join(folder, 'username'), 'search_g1');
  writeFileSync(join(folder, 'password'), PASSWORD);
  return {
    DATABASE_HOST: database.host,
    DATABASE_PORT: database.port,
    DATABASE_NAME: database.name,
    DATABASE_SCHEMA: 'search',
    DATABASE_CREDENTIALS_DIR: folder,
    DATABASE_TLS_MODE: 'disable',
    DATABASE_POOL_MAX: 8,
  };
}
