import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabasePrograms } from '@genai-platform/common/testing';
import { AdvisedError } from '../machine/advice.ts';
import { exec } from '../machine/exec.ts';

/** Where PostgreSQL and Valkey or Redis are installed on this machine. */
export interface InstalledDatabases {
  readonly postgres: Omit<DatabasePrograms['postgres'], 'template'>;
  readonly valkey: DatabasePrograms['valkey'];
}

/** Oldest PostgreSQL whose pgvector has iterative scans and whose SQL the services use. */
const oldestPostgres = 16;

/** Finds PostgreSQL with pgvector and Valkey or Redis on this machine; throws an AdvisedError that says what is missing. */
export async function findInstalledDatabases(): Promise<InstalledDatabases> {
  const binaries = await findPostgres();
  const server = (await findProgram('valkey-server')) ?? (await findProgram('redis-server'));
  if (binaries !== undefined && server !== undefined) {
    const user = { root: '/', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    return { postgres: { binaries, ...user }, valkey: { server, ...user } };
  }
  const missing = [
    ...(binaries === undefined ? [`PostgreSQL ${String(oldestPostgres)} or newer with pgvector`] : []),
    ...(server === undefined ? ['Valkey or Redis'] : []),
  ];
  throw new AdvisedError(
    `${missing.join(' and ')} not found on this machine`,
    'Run the command as root on Debian or Ubuntu (it makes them from packages, outside of what is installed), or install them.',
  );
}

async function findPostgres(): Promise<string | undefined> {
  const configurations = [
    'pg_config',
    ...[18, 17, 16].map((version) => `/usr/lib/postgresql/${String(version)}/bin/pg_config`),
  ];
  for (const command of configurations) {
    const found = await describePostgres(command);
    if (found !== undefined && found.version >= oldestPostgres && found.hasVector) return found.binaries;
  }
  return undefined;
}

/** What `pg_config` says; it may be of a client alone, without the server beside it. */
async function describePostgres(
  command: string,
): Promise<{ binaries: string; version: number; hasVector: boolean } | undefined> {
  const answer = await exec(command, ['--version', '--bindir', '--sharedir']).catch(() => '');
  const [version = '', binaries = '', share = ''] = answer.split('\n');
  if (!existsSync(join(binaries, 'postgres'))) return undefined;
  return {
    binaries,
    version: Number.parseInt(version.replace('PostgreSQL ', ''), 10),
    hasVector: existsSync(join(share, 'extension/vector.control')),
  };
}

async function findProgram(name: string): Promise<string | undefined> {
  const path = await exec('sh', ['-c', 'command -v "$1"', 'sh', name]).catch(() => '');
  return path.trim() === '' ? undefined : path.trim();
}
