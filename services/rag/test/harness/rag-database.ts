import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idempotencyTables, jobTables, migrate, silentLogger } from '@genai-platform/common';
import type { DatabaseConfig } from '@genai-platform/common';
import { startPostgres } from '@genai-platform/common/testing';
import type { TestDatabase, TestPostgres } from '@genai-platform/common/testing';
import pg from 'pg';

const PASSWORD = 'rag-password';

/** A database as the platform sets it up: the schema belongs to a role that cannot log in, the service's login is a member. */
export interface RagDatabase {
  readonly config: DatabaseConfig;
  /** Runs SQL as the superuser, past all row-level security. */
  admin(sql: string, values?: readonly unknown[]): Promise<pg.QueryResultRow[]>;
  close(): Promise<void>;
}

/**
 * Makes a database with the service's migrations applied by its own login.
 *
 * @param server where, if not on the server that all tests share
 */
export async function createRagDatabase(server?: TestPostgres): Promise<RagDatabase> {
  const database = await (server ?? (await startPostgres())).createDatabase();
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rag') THEN CREATE ROLE rag NOLOGIN; END IF;
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rag_g1') THEN
        CREATE ROLE rag_g1 LOGIN PASSWORD '${PASSWORD}' IN ROLE rag;
      END IF;
    END $$;
    CREATE SCHEMA rag AUTHORIZATION rag;`);
  const config = databaseConfig(database);
  const folder = new URL('../../migrations', import.meta.url);
  await migrate({ config, folder, included: [idempotencyTables, jobTables], log: silentLogger() });
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
  const folder = mkdtempSync(join(tmpdir(), 'rag-credentials-'));
  writeFileSync(join(folder, 'username'), 'rag_g1');
  writeFileSync(join(folder, 'password'), PASSWORD);
  return {
    DATABASE_HOST: database.host,
    DATABASE_PORT: database.port,
    DATABASE_NAME: database.name,
    DATABASE_SCHEMA: 'rag',
    DATABASE_CREDENTIALS_DIR: folder,
    DATABASE_TLS_MODE: 'disable',
    DATABASE_POOL_MAX: 8,
  };
}
