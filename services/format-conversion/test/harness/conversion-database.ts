import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idempotencyTables, jobTables, migrate, silentLogger } from '@genai-platform/common';
import type { DatabaseConfig } from '@genai-platform/common';
import { createDatabase } from '@genai-platform/common/testing';
import pg from 'pg';

const PASSWORD = 'conversion-password';

/** A database as the platform sets it up: the schema belongs to a role that cannot log in, the service's login is a member. */
export interface ConversionDatabase {
  readonly config: DatabaseConfig;
  close(): Promise<void>;
}

export async function createConversionDatabase(): Promise<ConversionDatabase> {
  const database = await createDatabase({ empty: true });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'format_conversion') THEN CREATE ROLE format_conversion NOLOGIN; END IF;
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'format_conversion_g1') THEN
        CREATE ROLE format_conversion_g1 LOGIN PASSWORD '${PASSWORD}' IN ROLE format_conversion;
      END IF;
    END $$;
    CREATE SCHEMA format_conversion AUTHORIZATION format_conversion;`);
  await client.end();
  const folder = mkdtempSync(join(tmpdir(), 'conversion-credentials-'));
  writeFileSync(join(folder, 'username'), 'format_conversion_g1');
  writeFileSync(join(folder, 'password'), PASSWORD);
  const config: DatabaseConfig = {
    DATABASE_HOST: database.host,
    DATABASE_PORT: database.port,
    DATABASE_NAME: database.name,
    DATABASE_SCHEMA: 'format_conversion',
    DATABASE_CREDENTIALS_DIR: folder,
    DATABASE_TLS_MODE: 'disable',
    DATABASE_POOL_MAX: 6,
  };
  const migrations = new URL('../../migrations', import.meta.url);
  await migrate({ config, folder: migrations, included: [idempotencyTables, jobTables], log: silentLogger() });
  return { config, close: () => database.close() };
}
