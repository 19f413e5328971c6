import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseConfig } from '../../src/index.ts';
import type { PostgresAddress } from '../../src/testing/index.ts';

/** A folder as a mounted Secret, with the files `username` and `password`. */
export function credentialsFolder(username: string, password: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'credentials-'));
  writeCredentials(folder, username, password);
  return folder;
}

export function writeCredentials(folder: string, username: string, password: string): void {
  writeFileSync(join(folder, 'username'), username);
  writeFileSync(join(folder, 'password'), `${password}\n`);
}

/** The configuration of a service `notes` on a test database. */
export function databaseConfig(database: PostgresAddress, overrides: Partial<DatabaseConfig> = {}): DatabaseConfig {
  return {
    DATABASE_HOST: database.host,
    DATABASE_PORT: database.port,
    DATABASE_NAME: database.name,
    DATABASE_SCHEMA: 'notes',
    DATABASE_CREDENTIALS_DIR: credentialsFolder(database.user, database.password),
    DATABASE_TLS_MODE: 'disable',
    DATABASE_POOL_MAX: 5,
    ...overrides,
  };
}
