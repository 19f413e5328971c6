import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Programs } from './database-programs.ts';

const startTimeoutMs = 60_000;
const isRoot = process.getuid?.() === 0;

/** A folder of one server, with the same content under both names. */
export interface ServerFolder {
  /** As this process sees it. */
  readonly outside: string;
  /** As the server sees it. */
  readonly inside: string;
}

/** A server process that ends with the process that started it. */
export interface LocalServer {
  readonly process: ChildProcess;
  /** Resolves when the process is gone; SIGKILL follows when the signal does nothing for 10 s. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

/** What to start, and how to see that it answers. */
export interface LocalServerOptions {
  readonly programs: Programs;
  /** Program with its arguments, as the server sees the paths. */
  readonly command: readonly [string, ...string[]];
  readonly folder: ServerFolder;
  /** The signal that the kernel sends when this process is gone. */
  readonly orphanSignal: 'QUIT' | 'KILL';
  readonly isReady: () => Promise<boolean>;
}

/** Starts a server and resolves as soon as it answers; rejects with the end of its log when it does not. */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const logFile = join(options.folder.outside, 'server.log');
  const log = openSync(logFile, 'a');
  const [command, args] = fullCommand(options);
  // In a group of its own: Ctrl-C is for the process that asked, which ends its servers last.
  const child = spawn(command, args, { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  child.unref(); // The process that asked must be able to end.
  const failed = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      resolve(`it ended with ${signal ?? String(code)}`);
    });
  });
  const stop = (signal: NodeJS.Signals): Promise<void> => stopProcess(child, signal);
  const problem = await Promise.race([failed, untilReady(options.isReady)]);
  if (problem === undefined) return { process: child, stop };
  await stop('SIGKILL');
  throw new Error(
    `${basename(options.command[0])} did not start: ${problem}\n${readFileSync(logFile, 'utf8').slice(-2000)}`,
  );
}

/**
 * A new folder for a server of this process. Folders of processes that are gone, killed ones too, are removed
 * on the way: their servers ended with them.
 */
export function createServerFolder(programs: Programs, name?: string): ServerFolder {
  const inside = join(programs.root === '/' ? tmpdir() : '/run', `genai-platform-${String(process.getuid?.() ?? 0)}`);
  const outside = join(programs.root, inside);
  mkdirSync(outside, { recursive: true, mode: 0o755 });
  removeOrphans(outside);
  // The time of origin tells this process from an earlier one with the same number.
  const own = `${String(process.pid)}-${String(Math.trunc(performance.timeOrigin))}`;
  const folder = name ?? randomUUID();
  const path = join(outside, own, folder);
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (isRoot) chownSync(path, programs.uid, programs.gid);
  return { outside: path, inside: join(inside, own, folder) };
}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Copies a file or folder, with its metadata, by the fastest way the file system has. */
export async function copyTree(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', from, to]);
}

/** In its root file system, as its unprivileged user (PostgreSQL refuses root), ended together with this process. */
function fullCommand({ programs, command, orphanSignal }: LocalServerOptions): [string, string[]] {
  if (process.platform !== 'linux') return [command[0], command.slice(1)];
  const user = ['--reuid', String(programs.uid), '--regid', String(programs.gid), '--clear-groups'];
  const setpriv = ['setpriv', '--pdeathsig', orphanSignal, ...(isRoot ? user : []), ...command];
  return programs.root === '/' ? ['setpriv', setpriv.slice(1)] : ['chroot', [programs.root, ...setpriv]];
}

async function untilReady(isReady: () => Promise<boolean>): Promise<string | undefined> {
  const deadline = performance.now() + startTimeoutMs;
  while (performance.now() < deadline) {
    if (await isReady()) return undefined;
    await sleep(10);
  }
  return `no answer within ${String(startTimeoutMs / 1000)} s`;
}

async function stopProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  child.ref();
  child.kill(signal);
  const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(force);
}

function removeOrphans(directory: string): void {
  for (const owner of readdirSync(directory)) {
    if (isAlive(Number.parseInt(owner, 10))) continue;
    try {
      rmSync(join(directory, owner), { recursive: true, force: true });
    } catch {
      // Another process removes it at the same time, or its server is just ending: the next start finds what is left.
    }
  }
}

function isAlive(pid: number): boolean {
  if (process.platform === 'linux') return existsSync(`/proc/${String(pid)}`);
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
