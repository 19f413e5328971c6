import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Watchdog } from './watchdog.ts';

/** Where components come from and where they live. */
export interface ComponentHome {
  /** The multi-call binary: its first argument says which program to be. */
  readonly binary: string;
  readonly directory: string;
  readonly watchdog: Watchdog;
}

/** One program of the control plane. */
export interface Component {
  readonly name: string;
  start(): void;
  /** Stops every thread of the process; resolves once they stand still (a signal takes its time on a busy machine). */
  pause(): Promise<void>;
  resume(): void;
  /** Kills the process and waits until it is gone. */
  kill(): Promise<void>;
  /** Throws with the end of the log if the process has ended. */
  assertRunning(): void;
}

/** Starts a program with its output in `<directory>/<name>.log`. */
export function startComponent(home: ComponentHome, name: string, args: readonly string[]): Component {
  const log = join(home.directory, `${name}.log`);
  let child: ChildProcess;
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const component: Component = {
    name,
    start: () => {
      child = launch(home, log, [name, ...args]);
    },
    pause: async () => {
      child.kill('SIGSTOP');
      while (!ended() && !standsStill(child)) await setTimeout(1);
    },
    resume: () => {
      child.kill('SIGCONT');
    },
    kill: async () => {
      if (ended()) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    assertRunning: () => {
      if (ended()) throw new Error(`${name} ended by itself (${exitOf(child)}). The end of its log:\n${tail(log)}`);
    },
  };
  component.start();
  return component;
}

function launch(home: ComponentHome, log: string, args: readonly string[]): ChildProcess {
  const output = openSync(log, 'a');
  const child = spawn(home.binary, args, { cwd: home.directory, stdio: ['ignore', output, output] });
  closeSync(output);
  child.unref();
  const { pid } = child;
  if (pid !== undefined) {
    home.watchdog.add(pid);
    child.once('exit', () => {
      home.watchdog.remove(pid);
    });
  }
  child.once('error', () => undefined); // A failed start shows as a process that is not running.
  return child;
}

/** Whether the kernel has stopped each thread (proc_pid_stat(5): state `T`). */
function standsStill({ pid }: ChildProcess): boolean {
  const threads = `/proc/${String(pid)}/task`;
  try {
    return readdirSync(threads).every((thread) => / T /.test(readFileSync(join(threads, thread, 'stat'), 'utf8')));
  } catch {
    return false; // A thread ended while it was looked at.
  }
}

function exitOf(child: ChildProcess): string {
  return child.signalCode ?? `exit code ${String(child.exitCode)}`;
}

function tail(log: string): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  return lines.slice(-15).join('\n');
}
