import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf } from '../../machine/process.ts';
import { sourceFlags } from '../../machine/source-flags.ts';

/** Something that answers chat completions, and the processes that do it. */
export interface Subject {
  readonly name: string;
  readonly origin: string;
  /** Those whose CPU time and memory count. */
  readonly pids: readonly number[];
  /** Headers that let a request in; asked for at the beginning of each turn. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly stop: () => Promise<void>;
}

const yardstick = join(import.meta.dirname, 'yardstick.ts');
const TICKS_PER_SECOND = 100;
const READY_MS = 180_000;
const END_MS = 10_000;

/** User and system time of the processes since their start, all their threads included (proc(5)). */
export function cpuSeconds({ pids }: Subject): number {
  const ticks = pids.map((pid) => {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND;
}

/** Resident memory of processes, in MiB. */
export function residentMebibytes(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
    return Number(line?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1_024;
}

/** The process and all that came of it. */
export function withDescendants(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(withDescendants)];
}

/** The fixed upstream, or the bare proxy before it. */
export async function startYardstick(name: string, args: readonly string[]): Promise<Subject> {
  const child = spawn(process.execPath, [...sourceFlags, yardstick, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    name,
    origin: `http://127.0.0.1:${line.toString().trim()}`,
    pids: [child.pid ?? 0],
    headers: async () => ({}),
    stop: () => endChild(child),
  };
}

/** Starts a program, and waits until its address answers 200. @throws Error that has the end of what it said */
export async function startProgram(
  command: string,
  args: readonly string[],
  { readyUrl, ...options }: SpawnOptions & { readonly readyUrl: string },
): Promise<ChildProcess> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  }
  child.once('error', (error) => (said += error.message));
  const isReady = (): Promise<boolean> => fetch(readyUrl).then(({ ok }) => ok, () => false); // prettier-ignore
  const deadline = performance.now() + READY_MS;
  while (!(await isReady())) {
    const gone = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    if (!gone && performance.now() < deadline) {
      await sleep(100);
      continue;
    }
    await endChild(child);
    throw new Error(`${command} did not become ready: ${said.trim()}`);
  }
  return child;
}

/** Asks it to end, and kills it where it does not. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await ended;
  clearTimeout(timer);
}
