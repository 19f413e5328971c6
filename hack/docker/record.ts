import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessIdentity } from '../machine/process.ts';
import { places } from './places.ts';
import type { NetworkBefore } from './network-traces.ts';

/** What was started, and how the machine was before; enough to undo it after the starter was killed. */
export interface EngineRecord {
  /** Missing where the starter was killed between writing this and starting the engine. */
  readonly engine?: ProcessIdentity;
  readonly before: NetworkBefore;
}

/** The record of an engine that this project started, if there is one. */
export function readRecord(): EngineRecord | undefined {
  try {
    return JSON.parse(readFileSync(places.record, 'utf8')) as EngineRecord;
  } catch {
    return undefined;
  }
}

/** Keeps the record; called before the engine is started and again when its process is known. */
export async function writeRecord(record: EngineRecord): Promise<void> {
  await mkdir(places.home, { recursive: true });
  await writeFile(places.record, JSON.stringify(record, null, 2));
}

/** Notes that a cluster of the checkout at `root` uses the engine. */
export async function addUser(cluster: string, root: string): Promise<void> {
  await mkdir(places.users, { recursive: true });
  await writeFile(join(places.users, cluster), root);
}

/** Takes the note away again. */
export async function removeUser(cluster: string): Promise<void> {
  await rm(join(places.users, cluster), { force: true });
}

/** Clusters that use the engine. Those of a checkout that was deleted do not count. */
export function users(): string[] {
  if (!existsSync(places.users)) return [];
  const names = readdirSync(places.users);
  return names.filter((name) => existsSync(readFileSync(join(places.users, name), 'utf8')));
}
