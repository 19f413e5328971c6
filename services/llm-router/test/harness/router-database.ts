import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseConfig, migrate, silentLogger } from '@genai-platform/common';
import { startPostgres } from '@genai-platform/common/testing';
import pg from 'pg';

const PASSWORD = 'router-password';

/** A database as the platform sets it up: the schema belongs to a role that cannot log in, the service's login is a member. */
export interface RouterDatabase {
  /** What a router is told of it. */
  readonly env: Readonly<Record<string, string>>;
  readonly config: DatabaseConfig;
  /** Runs SQL as the superuser, past all row-level security. */
  admin(sql: string, values?: readonly unknown[]): Promise<pg.QueryResultRow[]>;
  close(): Promise<void>;
}

/** Makes a database with the service's migrations applied by its own login. */
export async function createRouterDatabase(): Promise<RouterDatabase> {
  const database = await (await startPostgres()).createDatabase();
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'llm_router') THEN CREATE ROLE llm_router NOLOGIN; END IF;
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'llm_router_g1') THEN
        CREATE ROLE llm_router_g1 LOGIN PASSWORD '${PASSWORD}' IN ROLE llm_router;
      END IF;
    END $$;
    CREATE SCHEMA llm_router AUTHORIZATION llm_router;
    SET search_path = llm_router, public;`);
  const folder = mkdtempSync(join(tmpdir(), 'router-credentials-'));
  writeFileSync(join(folder, 'username'), 'llm_router_g1');
  writeFileSync(join(folder, 'password'), PASSWORD);
  const env = {
    DATABASE_HOST: database.host,
    DATABASE_PORT: String(database.port),
    DATABASE_NAME: database.name,
    DATABASE_SCHEMA: 'llm_router',
    DATABASE_CREDENTIALS_DIR: folder,
    DATABASE_TLS_MODE: 'disable',
  };
  const config = DatabaseConfig.parse(env);
  await migrate({ config, folder: new URL('../../migrations', import.meta.url), log: silentLogger() });
  return {
    env,
    config,
    admin: async (sql, values = []) => (await client.query<pg.QueryResultRow>(sql, [...values])).rows,
    close: async () => {
      await client.end();
      await database.close();
    },
  };
}
