import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ServiceProcess {
  /** Each line of standard output, parsed. */
  readonly lines: Record<string, unknown>[];
  /** Resolves with the first line, past or to come, that has this message. */
  line(message: string): Promise<Record<string, unknown>>;
  kill(signal: NodeJS.Signals): void;
  /** Exit status and time since the start of the test's clock. */
  readonly ended: Promise<number | null>;
}

/** Runs a service's main file as a process of its own, from source. */
export function startProcess(main: string, env: Record<string, string>, args: string[] = []): ServiceProcess {
  const child = spawn(
    process.execPath,
    ['--conditions=@genai-platform/source', '--disable-warning=ExperimentalWarning', main, ...args],
    {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const lines: Record<string, unknown>[] = [];
  const waiting: { message: string; resolve: (line: Record<string, unknown>) => void }[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const line = JSON.parse(part) as Record<string, unknown>;
      lines.push(line);
      for (const { message, resolve } of waiting) if (line.message === message) resolve(line);
    }
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    lines,
    ended,
    kill: (signal) => void child.kill(signal),
    line: (message) => {
      const known = lines.find((line) => line.message === message);
      if (known !== undefined) return Promise.resolve(known);
      const early = ended.then((code) => {
        throw new Error(`the process ended with ${code}: ${JSON.stringify(lines)}`);
      });
      return Promise.race([
        new Promise<Record<string, unknown>>((resolve) => waiting.push({ message, resolve })),
        early,
      ]);
    },
  };
}
