import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that can be told from a later one with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from the machine's start to the process's. */
  readonly startTime: string;
  /** Changes with each start of the machine. */
  readonly boot: string;
}

/** Identifies a running process; nothing where it is not running or the system has no /proc. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const startTime = fields[19];
    if (state === 'Z' || startTime === undefined) return undefined;
    return { pid, startTime, boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() };
  } catch {
    return undefined;
  }
}

/** Whether this very process is still running. */
export function isRunning(process: ProcessIdentity): boolean {
  const now = identify(process.pid);
  return now?.startTime === process.startTime && now.boot === process.boot;
}

/** Asks a process to end and kills it when it has not within the deadline. */
export async function endProcess(target: ProcessIdentity, deadlineMs: number): Promise<void> {
  const end = Date.now() + deadlineMs;
  signal(target, 'SIGTERM');
  while (isRunning(target) && Date.now() < end) await sleep(50);
  signal(target, 'SIGKILL');
  while (isRunning(target)) await sleep(20);
}

/** Ids of the processes with this text in their command line. */
export function processesWith(text: string): number[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.map(Number).filter((pid) => pid !== process.pid && commandLine(pid).includes(text));
}

/** Ids of a process's children. */
export function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function signal(target: ProcessIdentity, name: NodeJS.Signals): void {
  if (isRunning(target)) process.kill(target.pid, name);
}
