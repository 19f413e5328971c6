export { databaseProgramsFile, locateDatabasePrograms, type DatabasePrograms } from './database-programs.ts';
export { createDatabase, startPostgres } from './postgres.ts';
export type { PostgresAddress, PostgresOptions, TestDatabase, TestPostgres } from './postgres.ts';
export { startValkey, type TestValkey, type ValkeyOptions } from './valkey.ts';
