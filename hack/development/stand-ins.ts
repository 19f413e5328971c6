import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalServer, type LocalServer } from '@genai-platform/common/testing';
import { sourceFlags } from '../machine/source-flags.ts';
import { isListening } from './addresses.ts';

/** What a program's environment has to say instead, where PGlite stands in for PostgreSQL. */
export const pgliteEnvironment: Readonly<Record<string, string>> = { DATABASE_TLS_MODE: 'disable' };

/**
 * Starts PGlite in the place of PostgreSQL, where none is installed and none may be. Its data stay in `directory`.
 * There is no stand-in for Valkey: the services that use it do so for what they can do without.
 */
export async function startPglite(port: number, directory: string): Promise<LocalServer> {
  const data = join(directory, 'pglite');
  await mkdir(data, { recursive: true });
  const user = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const program = join(import.meta.dirname, 'pglite-server.ts');
  return startLocalServer({
    programs: { root: '/', ...user },
    command: [process.execPath, ...sourceFlags, program, String(port), data],
    folder: { inside: directory, outside: directory },
    orphanSignal: 'QUIT',
    isReady: () => isListening(port),
  });
}
