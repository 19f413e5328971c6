import { ensureDatabases } from './databases.ts';

const programs = await ensureDatabases();
console.log(`PostgreSQL: ${programs.postgres.root}, ${programs.postgres.binaries}`);
console.log(`Valkey:     ${programs.valkey.root}, ${programs.valkey.server}`);
