import { chown, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Programs } from '@genai-platform/common/testing';
import { exec } from '../machine/exec.ts';
import { runProgram } from './run-program.ts';

type PostgresPrograms = Programs & { readonly binaries: string };

const isRoot = process.getuid?.() === 0;

/** The smallest write-ahead log segments: the directory is copied for every server. */
const initdbOptions = ['--encoding=UTF8', '--locale=C.UTF-8', '--wal-segsize=1', '--no-sync', '--auth=scram-sha-256'];

/**
 * Makes the data directory that every local server is a copy of (1 s, against 30 ms for a copy): superuser `postgres`
 * with the password `postgres`, loopback only, a certificate, and a database `with_vector` to create databases from.
 */
export async function makeTemplate(programs: PostgresPrograms, directory: string, tlsDirectory: string): Promise<void> {
  // PostgreSQL can write only inside its own root, and only where its user may.
  const temporary = programs.root === '/' ? tmpdir() : join(programs.root, 'run');
  await mkdir(temporary, { recursive: true });
  const outside = await mkdtemp(join(temporary, 'template-'));
  try {
    await own(outside, programs);
    await initialise(programs, outside);
    await createVectorDatabase(programs, insidePath(programs, join(outside, 'data')));
    await addAccessRules(programs, join(outside, 'data'), tlsDirectory);
    await exec('cp', ['-a', join(outside, 'data'), directory]);
  } finally {
    await rm(outside, { recursive: true, force: true });
  }
}

async function initialise(programs: PostgresPrograms, outside: string): Promise<void> {
  const passwordFile = join(outside, 'password');
  await writeFile(passwordFile, 'postgres\n', { mode: 0o600 });
  await own(passwordFile, programs);
  const password = `--pwfile=${insidePath(programs, passwordFile)}`;
  const data = insidePath(programs, join(outside, 'data'));
  await runProgram(programs, [
    `${programs.binaries}/initdb`,
    '-D',
    data,
    '--username=postgres',
    password,
    ...initdbOptions,
  ]);
}

/** Single-user mode needs no server, port or password. */
async function createVectorDatabase(programs: PostgresPrograms, data: string): Promise<void> {
  const single = ['--single', '-j', '-D', data, '-c', 'exit_on_error=on', '-c', 'fsync=off'];
  const postgres = [`${programs.binaries}/postgres`, ...single];
  await runProgram(programs, [...postgres, 'postgres'], 'CREATE DATABASE with_vector;\n\n');
  await runProgram(programs, [...postgres, 'with_vector'], 'CREATE EXTENSION vector;\n\n');
}

async function addAccessRules(programs: PostgresPrograms, data: string, tlsDirectory: string): Promise<void> {
  await writeFile(join(data, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
  const copies = { 'tls.crt': 'server.crt', 'tls.key': 'server.key' };
  for (const [from, to] of Object.entries(copies)) {
    await copyFile(join(tlsDirectory, from), join(data, to));
    await own(join(data, to), programs);
  }
}

function insidePath({ root }: PostgresPrograms, path: string): string {
  return root === '/' ? path : path.slice(root.length);
}

async function own(path: string, { uid, gid }: PostgresPrograms): Promise<void> {
  if (isRoot) await chown(path, uid, gid);
}
