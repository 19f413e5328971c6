import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Programs that belong together, as seen by themselves: in a root file system of their own, or in the machine's (`/`). */
export interface Programs {
  /** The folder that is `/` to the programs. */
  readonly root: string;
  /** User and group that they run as when the caller is root. */
  readonly uid: number;
  readonly gid: number;
}

/** Where the machine has a real PostgreSQL with pgvector and a Valkey (or Redis) for tests and development. */
export interface DatabasePrograms {
  readonly postgres: Programs & {
    /** Folder of `postgres` and `initdb`, inside the root. */
    readonly binaries: string;
    /** An initialised data directory to copy, as seen from outside. */
    readonly template: string;
  };
  readonly valkey: Programs & {
    /** The server's program, inside the root. */
    readonly server: string;
  };
  /** A certificate for `localhost` and 127.0.0.1 and the authority that signed it, as seen from outside. */
  readonly tls: { readonly caFile: string; readonly certFile: string; readonly keyFile: string };
}

/** The file, relative to the root of the checkout, in which the command below leaves what it found or built. */
export const databaseProgramsFile = '.hack/databases.json';

const checkout = join(import.meta.dirname, '../../../..');

/** Reads where the databases' programs are. Throws an error that names the command to run when they are missing. */
export function locateDatabasePrograms(): DatabasePrograms {
  const file = join(checkout, databaseProgramsFile);
  const programs = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DatabasePrograms) : undefined;
  if (programs !== undefined && existsSync(programs.postgres.template) && existsSync(programs.valkey.root))
    return programs;
  throw new Error(
    'PostgreSQL with pgvector and Valkey are not ready for tests. Run `hack/run hack/databases/main.ts` (20 s the first time).',
  );
}
