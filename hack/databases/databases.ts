import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { databaseProgramsFile, type DatabasePrograms } from '@genai-platform/common/testing';
import { cached, contentVersion } from '../machine/cache.ts';
import { checkoutRoot } from '../machine/checkout.ts';
import { findInstalledDatabases } from './installed.ts';
import { databaseUserId } from './recipes.ts';
import { postgresRoot, valkeyRoot } from './roots.ts';
import { makeTemplate } from './template.ts';
import { writeLoopbackCertificate } from './tls.ts';

type Servers = {
  readonly postgres: Omit<DatabasePrograms['postgres'], 'template'>;
  readonly valkey: DatabasePrograms['valkey'];
};

/**
 * Makes sure that a real PostgreSQL with pgvector and a Valkey can be started, and notes where they are in the file
 * that the test kit reads. As root they come from Debian's packages, in root file systems of their own that are cached
 * by version (20 s the first time); otherwise from what the machine has installed. Throws an AdvisedError with neither.
 */
export async function ensureDatabases(say: (what: string) => void = console.error): Promise<DatabasePrograms> {
  const servers = process.getuid?.() === 0 ? await builtServers(say) : await findInstalledDatabases();
  const programs = await withTemplate(servers);
  const file = join(checkoutRoot, databaseProgramsFile);
  const text = `${JSON.stringify(programs, undefined, 2)}\n`;
  // Tests of another process may be reading it.
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return programs;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return programs;
}

async function builtServers(say: (what: string) => void): Promise<Servers> {
  const [postgres, valkey] = await Promise.all([postgresRoot(say), valkeyRoot(say)]);
  const user = { uid: databaseUserId, gid: databaseUserId };
  return {
    postgres: { root: postgres.root, binaries: '/usr/lib/postgresql/17/bin', ...user },
    valkey: { root: valkey.root, server: '/usr/bin/valkey-server', ...user },
  };
}

async function withTemplate({ postgres, valkey }: Servers): Promise<DatabasePrograms> {
  const source = (name: string): string => join(import.meta.dirname, name);
  const certificateVersion = await contentVersion([source('tls.ts')]);
  const tls = await cached('loopback-certificate', certificateVersion, writeLoopbackCertificate);
  const templateVersion = await contentVersion([source('template.ts')], postgres.root, postgres.binaries, tls);
  const template = await cached('postgres-template', templateVersion, (directory) =>
    makeTemplate(postgres, join(directory, 'data'), tls),
  );
  return {
    postgres: { ...postgres, template: join(template, 'data') },
    valkey,
    tls: { caFile: join(tls, 'ca.crt'), certFile: join(tls, 'tls.crt'), keyFile: join(tls, 'tls.key') },
  };
}
