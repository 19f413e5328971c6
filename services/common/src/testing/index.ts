export {
  databaseProgramsFile,
  locateDatabasePrograms,
  type DatabasePrograms,
  type Programs,
} from './database-programs.ts';
export { modelsFolder } from './models-folder.ts';
export { copyTree, freePort, startLocalServer, type LocalServer, type ServerFolder } from './local-server.ts';
export { createDatabase, startPostgres } from './postgres.ts';
export type { PostgresAddress, PostgresOptions, TestDatabase, TestPostgres } from './postgres.ts';
export { createServiceDatabase } from './service-database.ts';
export type { ServiceDatabase, ServiceDatabaseOptions } from './service-database.ts';
export { startValkey, valkeyAnswers, type TestValkey, type ValkeyOptions } from './valkey.ts';
export { FakeClock } from './fake-clock.ts';
export { createTestIdentity } from './identity.ts';
export type { TestIdentity } from './identity.ts';
export { startService } from './start-service.ts';
export type { TestRequest, TestService } from './start-service.ts';
export { createTestContext } from './test-context.ts';
export type { TestContext, TestContextOptions } from './test-context.ts';
export { describeServiceConventions } from './conformance.ts';
export type { ConventionsOptions } from './conventions.ts';
