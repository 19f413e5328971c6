import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, 'operator-main.ts');
const FLAGS = ['--conditions=@genai-platform/source', '--disable-warning=ExperimentalWarning'];

/** The operator in a process of its own, which a signal can stop, continue and kill. */
export class OperatorProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  /** The last of what it has logged. */
  #log = '';

  /**
   * @param options `answererPort`: where its verification requests go; `flags`: more for Node.
   */
  constructor(
    environment: Readonly<Record<string, string>>,
    { answererPort, flags = [] }: { readonly answererPort: number; readonly flags?: readonly string[] },
  ) {
    this.#child = spawn(process.execPath, [...FLAGS, ...flags, MAIN, String(answererPort)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: '', LOG_LEVEL: 'warn', ...environment },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.#log = (this.#log + chunk.toString()).slice(-4_000)));
    }
    this.#exited = once(this.#child, 'exit').then(([code]) => code as number | null);
  }

  get log(): string {
    return this.#log;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves with its exit code; null if a signal ended it. */
  get exited(): Promise<number | null> {
    return this.#exited;
  }

  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(name);
  }

  async end(): Promise<void> {
    this.signal('SIGKILL');
    await this.#exited;
  }
}
