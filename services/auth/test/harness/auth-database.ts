import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, silentLogger } from '@genai-platform/common';
import type { DatabaseConfig } from '@genai-platform/common';
import { startPostgres } from '@genai-platform/common/testing';
import pg from 'pg';

const PASSWORD = 'auth-password';

/** A database as the platform sets it up: the schema belongs to a role that cannot log in, the service's login is a member. */
export interface AuthDatabase {
  readonly config: DatabaseConfig;
  /** Runs SQL as the superuser. */
  admin(sql: string, values?: readonly unknown[]): Promise<pg.QueryResultRow[]>;
  /** Runs SQL as the service's own login. */
  asService(sql: string): Promise<pg.QueryResultRow[]>;
  close(): Promise<void>;
}

/** Makes a database with the service's migrations applied by its own login. */
export async function createAuthDatabase(): Promise<AuthDatabase> {
  const database = await (await startPostgres()).createDatabase({ empty: true });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'auth') THEN CREATE ROLE auth NOLOGIN; END IF;
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'auth_g1') THEN
        CREATE ROLE auth_g1 LOGIN PASSWORD '${PASSWORD}' IN ROLE auth;
      END IF;
    END $$;
    CREATE SCHEMA auth AUTHORIZATION auth;
    SET search_path = auth;`);
  const folder = mkdtempSync(join(tmpdir(), 'auth-credentials-'));
  writeFileSync(join(folder, 'username'), 'auth_g1');
  writeFileSync(join(folder, 'password'), PASSWORD);
  const config: DatabaseConfig = {
    DATABASE_HOST: database.host,
    DATABASE_PORT: database.port,
    DATABASE_NAME: database.name,
    DATABASE_SCHEMA: 'auth',
    DATABASE_CREDENTIALS_DIR: folder,
    DATABASE_TLS_MODE: 'disable',
    DATABASE_POOL_MAX: 8,
  };
  await migrate({ config, folder: new URL('../../migrations', import.meta.url), log: silentLogger() });
  const asService = async (sql: string): Promise<pg.QueryResultRow[]> => {
    const { host, port, name } = database;
    const login = new pg.Client({ host, port, database: name, user: 'auth_g1', password: PASSWORD });
    await login.connect();
    try {
      await login.query('SET search_path = auth');
      return (await login.query<pg.QueryResultRow>(sql)).rows;
    } finally {
      await login.end();
    }
  };
  return {
    config,
    admin: async (sql, values = []) => (await client.query<pg.QueryResultRow>(sql, [...values])).rows,
    asService,
    close: async () => {
      await client.end();
      await database.close();
    },
  };
}
