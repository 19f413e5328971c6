import { existsSync, readFileSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exec } from '../machine/exec.ts';
import { withLock } from '../machine/lock.ts';
import { childrenOf, endProcess, identify, processesWith } from '../machine/process.ts';
import { removeNetworkTraces } from './network-traces.ts';
import { places } from './places.ts';
import { readRecord, removeUser, users, type EngineRecord } from './record.ts';

/**
 * Lets go of the engine in the name of a cluster. The last user of an engine that this project started stops it and
 * removes all that it left on the machine. Returns, in words, what was removed. An engine that was found running is
 * left alone. Safe to call at any time, also when a start was interrupted.
 */
export async function releaseEngine(cluster: string): Promise<string[]> {
  return withLock('docker-engine', async () => {
    const record = readRecord();
    await removeUser(cluster);
    if (record === undefined || users().length > 0) return [];
    return dismantle(record);
  });
}

async function dismantle(record: EngineRecord): Promise<string[]> {
  const removed = await endEngine(record);
  await unmountBelow(places.dataRoot, places.execRoot);
  removed.push(...(await removeNetworkTraces(record.before)));
  await removeControlGroups();
  if (existsSync(places.dataRoot)) removed.push(`the engine's data (${places.dataRoot})`);
  // The record goes last: whatever interrupts this, the next call carries on.
  for (const path of [places.dataRoot, places.execRoot, places.pidFile, places.users, places.runtime, places.log]) {
    await rm(path, { recursive: true, force: true });
  }
  if (record.engine !== undefined) await rm(places.socket, { force: true });
  await rm(places.record, { force: true });
  for (const folder of [places.home, join(places.execRoot, '..')]) await rmdir(folder).catch(() => undefined);
  return removed;
}

/** Ends dockerd, and what it leaves when it was killed instead of asked: containerd, and the containers themselves. */
async function endEngine({ engine }: EngineRecord): Promise<string[]> {
  const removed: string[] = [];
  // The starter may have been killed before it could note the process: then its command line tells it.
  const daemons = [...(engine === undefined ? [] : [engine.pid]), ...processesWith(`--exec-root=${places.execRoot}`)];
  for (const pid of new Set(daemons)) {
    const identity = identify(pid);
    if (identity === undefined || (engine?.pid === pid && engine.startTime !== identity.startTime)) continue;
    await endProcess(identity, 30_000);
    removed.push(`dockerd (process ${String(pid)})`);
  }
  for (const pid of processesWith(places.execRoot)) {
    // A shim's child is the first process of a container; with it the kernel ends all of the container.
    for (const target of [pid, ...childrenOf(pid)].map(identify)) if (target !== undefined) await endProcess(target, 0);
  }
  return removed;
}

async function unmountBelow(...folders: readonly string[]): Promise<void> {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  // The innermost first.
  for (const path of mounts.filter((path) => folders.some((folder) => path.startsWith(folder))).reverse()) {
    await exec('umount', ['--lazy', path]).catch(() => undefined);
  }
}

/** Docker makes a group of this name in every hierarchy and does not take it away; an empty one can be removed. */
async function removeControlGroups(): Promise<void> {
  const root = '/sys/fs/cgroup';
  const hierarchies = await readdir(root).catch(() => []);
  for (const path of [join(root, 'docker'), ...hierarchies.map((name) => join(root, name, 'docker'))]) {
    await rmdir(path).catch(() => undefined);
  }
}
