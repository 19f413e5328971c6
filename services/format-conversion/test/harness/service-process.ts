import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

type LogLine = Record<string, unknown>;

/** The service as a process of its own, from its sources, as the image starts it. */
export class ServiceProcess {
  readonly #child: ChildProcess;
  readonly #lines: LogLine[] = [];
  readonly ended: Promise<number | null>;

  constructor(command: 'serve' | 'migrate', env: Readonly<Record<string, string>>) {
    const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
    this.#child = spawn(
      process.execPath,
      ['--conditions=@genai-platform/source', '--disable-warning=ExperimentalWarning', main, command],
      {
        env: { ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    if (this.#child.stdout)
      createInterface(this.#child.stdout).on('line', (line) => this.#lines.push(JSON.parse(line) as LogLine));
    this.ended = once(this.#child, 'exit').then(([code]) => code as number | null);
  }

  /** Waits for a line of the log with this message. */
  async line(message: string): Promise<LogLine> {
    for (;;) {
      const found = this.#lines.find((line) => line['message'] === message);
      if (found) return found;
      if (this.#child.exitCode !== null) throw new Error(`the process ended: ${JSON.stringify(this.#lines.at(-1))}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}
