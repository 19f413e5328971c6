import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { DatabaseConfig, migrate, silentLogger } from '../index.ts';
import type { MigrateOptions } from '../index.ts';
import { startPostgres } from './postgres.ts';
import type { TestDatabase, TestPostgres } from './postgres.ts';

/** Which service's database is wanted. */
export interface ServiceDatabaseOptions extends Pick<MigrateOptions, 'included'> {
  /** The schema, and the role that owns it. */
  readonly schema: string;
  /** The service's migrations. */
  readonly migrations: URL;
  /** The server that all tests share by default. */
  readonly server?: TestPostgres;
  /** Whether pgvector is installed; true by default. */
  readonly vector?: boolean;
  /** Connections of the service's pool, 8 by default. */
  readonly poolMax?: number;
}

/** A database as the platform sets it up: the schema belongs to a role that cannot log in, the service's login is a member. */
export interface ServiceDatabase {
  /** What the service's process is told of it. */
  readonly env: Readonly<Record<string, string>>;
  readonly config: DatabaseConfig;
  /** Runs SQL as the superuser, past all row-level security; names are of the service's schema. */
  admin(sql: string, values?: readonly unknown[]): Promise<pg.QueryResultRow[]>;
  /** Runs SQL as the service's own login. */
  asService(sql: string): Promise<pg.QueryResultRow[]>;
  close(): Promise<void>;
}

const PASSWORD = 'service-password';

/** Makes a database with the service's migrations applied by its own login. */
export async function createServiceDatabase(options: ServiceDatabaseOptions): Promise<ServiceDatabase> {
  const { schema, migrations, included = [], server, vector = true, poolMax = 8 } = options;
  const database = await (server ?? (await startPostgres())).createDatabase({ empty: !vector });
  const admin = new pg.Client({ connectionString: database.url });
  // A test may stop the server under it.
  admin.on('error', () => undefined);
  await admin.connect();
  await admin.query(rolesAndSchema(schema));
  const env = environment(database, schema, poolMax);
  const config = DatabaseConfig.parse(env);
  await migrate({ config, folder: migrations, included, log: silentLogger() });
  return {
    env,
    config,
    admin: async (sql, values = []) => (await admin.query<pg.QueryResultRow>(sql, [...values])).rows,
    asService: (sql) => asService(database, schema, sql),
    close: async () => {
      await admin.end();
      await database.close();
    },
  };
}

/** Roles belong to the server, which the databases of many tests share. */
function rolesAndSchema(schema: string): string {
  return `
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${schema}') THEN CREATE ROLE ${schema} NOLOGIN; END IF;
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${loginOf(schema)}') THEN
        CREATE ROLE ${loginOf(schema)} LOGIN PASSWORD '${PASSWORD}' IN ROLE ${schema};
      END IF;
    END $$;
    CREATE SCHEMA ${schema} AUTHORIZATION ${schema};
    SET search_path = ${schema}, public;`;
}

function environment({ host, port, name }: TestDatabase, schema: string, poolMax: number): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), `${schema}-credentials-`));
  writeFileSync(join(folder, 'username'), loginOf(schema));
  writeFileSync(join(folder, 'password'), PASSWORD);
  return {
    DATABASE_HOST: host,
    DATABASE_PORT: String(port),
    DATABASE_NAME: name,
    DATABASE_SCHEMA: schema,
    DATABASE_CREDENTIALS_DIR: folder,
    DATABASE_TLS_MODE: 'disable',
    DATABASE_POOL_MAX: String(poolMax),
  };
}

async function asService(
  { host, port, name }: TestDatabase,
  schema: string,
  sql: string,
): Promise<pg.QueryResultRow[]> {
  const login = new pg.Client({ host, port, database: name, user: loginOf(schema), password: PASSWORD });
  await login.connect();
  try {
    await login.query(`SET search_path = ${schema}`);
    return (await login.query<pg.QueryResultRow>(sql)).rows;
  } finally {
    await login.end();
  }
}

/** The first generation's. */
function loginOf(schema: string): string {
  return `${schema}_g1`;
}
