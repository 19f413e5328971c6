import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

/** How a command is run. */
export interface ExecOptions {
  readonly cwd?: string;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A file that everything printed is appended to. */
  readonly log?: string;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** Written to the command's standard input. */
  readonly input?: string;
  /** Called with each line printed, on either stream. */
  readonly onLine?: (line: string) => void;
}

/** A command that could not be started, failed, took too long or was interrupted. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number | undefined;
  /** The last lines it printed. */
  readonly tail: string;
  readonly log: string | undefined;
  constructor(
    command: string,
    reason: string,
    details: { exitCode?: number | undefined; tail: string; log?: string | undefined },
  ) {
    const where = details.log === undefined ? '' : `\nWhole log: ${details.log}`;
    super(`${command}: ${reason}${details.tail === '' ? '' : `\n${details.tail}`}${where}`);
    this.exitCode = details.exitCode;
    this.tail = details.tail;
    this.log = details.log;
  }
}

const tailLines = 12;
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) killGroup(child, 'SIGKILL');
});

/** Runs a command to its end and returns what it wrote to standard output. Throws a CommandError otherwise. */
export async function exec(command: string, args: readonly string[], options: ExecOptions = {}): Promise<string> {
  options.signal?.throwIfAborted();
  // A group of its own, so that a deadline ends the command's children too (package managers and builds have many).
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    detached: true,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  const output = collect(child, options);
  child.stdin?.on('error', () => undefined).end(options.input); // It may end without reading.
  const stopped = stopOn(child, options);
  try {
    const ending = await endOf(child);
    const reason = stopped.reason() ?? ending;
    if (reason === undefined) return output.stdout();
    throw new CommandError([command, ...args].join(' ').slice(0, 300), reason, {
      exitCode: child.exitCode ?? undefined,
      tail: output.tail(),
      log: options.log,
    });
  } finally {
    stopped.clear();
    running.delete(child);
    output.close();
  }
}

/** Whether a command can be run and succeeds; for questions, not for work. */
export async function succeeds(command: string, args: readonly string[], options: ExecOptions = {}): Promise<boolean> {
  return exec(command, args, { deadlineMs: 15_000, ...options }).then(
    () => true,
    () => false,
  );
}

/** Resolves with what went wrong, or with nothing. */
function endOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(`could not be started (${(error as NodeJS.ErrnoException).code ?? error.message})`);
    });
    // 'close', not 'exit': only then has all output been read.
    child.once('close', (code, signal) => {
      resolve(
        code === 0 ? undefined : signal === null ? `failed with exit code ${String(code)}` : `ended by ${signal}`,
      );
    });
  });
}

function collect(child: ChildProcess, options: ExecOptions): { stdout(): string; tail(): string; close(): void } {
  const log = openLog(options.log);
  const chunks: Buffer[] = [];
  const last: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
      log?.write(`${line}\n`);
      last.push(line);
      if (last.length > tailLines) last.shift();
      options.onLine?.(line);
    });
  }
  return {
    stdout: () => Buffer.concat(chunks).toString('utf8'),
    tail: () => last.join('\n').trim(),
    close: () => log?.end(),
  };
}

function openLog(path: string | undefined): WriteStream | undefined {
  if (path === undefined) return undefined;
  mkdirSync(dirname(path), { recursive: true });
  return createWriteStream(path, { flags: 'a' }).on('error', () => undefined); // A full disk shows in the command itself.
}

function stopOn(child: ChildProcess, options: ExecOptions): { reason(): string | undefined; clear(): void } {
  let reason: string | undefined;
  const stop = (why: string): void => {
    reason = why;
    killGroup(child, 'SIGTERM');
    setTimeout(() => {
      killGroup(child, 'SIGKILL');
    }, 3000).unref();
  };
  const { deadlineMs, signal } = options;
  const overdue = (): void => {
    stop(`did not end within ${String((deadlineMs ?? 0) / 1000)} s`);
  };
  const interrupted = (): void => {
    stop('interrupted');
  };
  const timer = deadlineMs === undefined ? undefined : setTimeout(overdue, deadlineMs);
  signal?.addEventListener('abort', interrupted, { once: true });
  return {
    reason: () => reason,
    clear: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', interrupted);
    },
  };
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended meanwhile.
  }
}
