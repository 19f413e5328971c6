import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubernetesObject, Names } from '@genai-platform/cdk8s';
import { copyTree, startLocalServer, valkeyAnswers } from '@genai-platform/common/testing';
import type { DatabasePrograms, LocalServer, Programs, ServerFolder } from '@genai-platform/common/testing';
import { runProgram } from '../databases/run-program.ts';
import { writeMounts, type Mounts } from './mounts.ts';
import { containerOf, podOf, type Container } from './pod.ts';

/** What a server needs to be started as its StatefulSet would start it. */
export interface ServerSetting {
  readonly programs: DatabasePrograms;
  readonly names: Names;
  readonly objects: readonly KubernetesObject[];
  /** Keeps this checkout's data apart from that of others. */
  readonly id: string;
  readonly port: number;
}

/** Starts the platform's PostgreSQL on 127.0.0.1, with its certificate and passwords. The data stay between runs. */
export async function startPostgresServer(setting: ServerSetting): Promise<LocalServer> {
  const { postgres } = setting.programs;
  const { container, folder, mounts } = await prepare(setting, postgres, setting.names.postgres);
  const data = `${folder.inside}/data`;
  await prepareData(setting, container, folder);
  const own = [`port=${String(setting.port)}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  const [, ...rendered] = (container.args ?? []).map((argument) => mounts.localise(argument));
  return startLocalServer({
    programs: postgres,
    // The later setting wins.
    command: [`${postgres.binaries}/postgres`, '-D', data, ...rendered, ...own.flatMap((line) => ['-c', line])],
    folder,
    orphanSignal: 'QUIT',
    isReady: () => isPostgresReady(setting),
  });
}

/** Starts the platform's Valkey on 127.0.0.1, with its certificate and access list. The data stay between runs. */
export async function startValkeyServer(setting: ServerSetting): Promise<LocalServer> {
  const { valkey } = setting.programs;
  const { container, folder, mounts } = await prepare(setting, valkey, setting.names.cache);
  const file = mounts.localise(container.args?.[0] ?? '');
  const outside = join(folder.outside, file.slice(folder.inside.length));
  const rendered = mounts.localise(await readFile(outside, 'utf8'));
  // The later setting wins.
  await writeFile(outside, `${rendered}\ntls-port ${String(setting.port)}\nbind 127.0.0.1\n`);
  return startLocalServer({
    programs: valkey,
    command: [valkey.server, file],
    folder,
    orphanSignal: 'KILL',
    isReady: () => valkeyAnswers(setting.port, true),
  });
}

interface Prepared {
  readonly container: Container;
  readonly folder: ServerFolder;
  readonly mounts: Mounts;
}

async function prepare(setting: ServerSetting, programs: Programs, name: string): Promise<Prepared> {
  const object = setting.objects.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === name);
  const pod = object === undefined ? undefined : podOf(object);
  if (pod === undefined) throw new Error(`no StatefulSet ${name} is rendered`);
  const folder = await lastingFolder(programs, `${setting.id}-${name}`);
  const mounts = await writeMounts(pod, setting.objects, join(folder.outside, 'mounts'), {
    seenAs: `${folder.inside}/mounts`,
    ...(process.getuid?.() === 0 ? { owner: programs } : {}),
  });
  return { container: containerOf(pod), folder, mounts };
}

/** Inside its root file system a server sees nothing else, so its data are kept there. */
async function lastingFolder(programs: Programs, name: string): Promise<ServerFolder> {
  const temporary = programs.root === '/' ? join(import.meta.dirname, '../../.hack') : '/run';
  const inside = join(temporary, 'genai-development', name);
  const outside = join(programs.root, inside);
  await mkdir(outside, { recursive: true, mode: 0o711 });
  if (process.getuid?.() === 0) await chown(outside, programs.uid, programs.gid);
  return { inside, outside };
}

/** A new database is a copy of the template; its password is set every time, it may have been generated anew. */
async function prepareData(
  { programs: { postgres }, names, objects }: ServerSetting,
  container: Container,
  folder: ServerFolder,
): Promise<void> {
  const isNew = !existsSync(join(folder.outside, 'data/PG_VERSION'));
  if (isNew) await copyTree(postgres.template, join(folder.outside, 'data'));
  const database = container.env?.find(({ name }) => name === 'POSTGRES_DB')?.value ?? 'postgres';
  const statements = [
    `ALTER ROLE postgres PASSWORD '${secretValue(objects, names.postgresAdmin, 'password')}';\n\n`,
    ...(isNew ? [`CREATE DATABASE "${database}";\n\n`] : []),
  ];
  const single = ['--single', '-j', '-D', `${folder.inside}/data`, '-c', 'exit_on_error=on', '-c', 'fsync=off'];
  await runProgram(postgres, [`${postgres.binaries}/postgres`, ...single, 'postgres'], statements.join(''));
}

function secretValue(objects: readonly KubernetesObject[], name: string, key: string): string {
  const secret = objects.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === name);
  const value = (secret as { data?: Readonly<Record<string, string>> } | undefined)?.data?.[key];
  if (value === undefined) throw new Error(`no Secret ${name} with the key ${key} is rendered`);
  return Buffer.from(value, 'base64').toString();
}

async function isPostgresReady({ programs: { postgres }, port }: ServerSetting): Promise<boolean> {
  const ask = [`${postgres.binaries}/pg_isready`, '--host=127.0.0.1', `--port=${String(port)}`, '--quiet'];
  return runProgram(postgres, ask).then(
    () => true,
    () => false,
  );
}
