import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { getCompileCacheDir } from 'node:module';
import { fileURLToPath } from 'node:url';
import { residentBytes } from './resident-memory.ts';
import type { Answer, Task } from './task.ts';

export interface SlotOptions {
  /** Resident memory that a worker may take, in bytes. */
  memoryBytes: number;
  /** Tasks after which the worker is replaced, so that what it leaked goes with it. */
  recycleAfter: number;
}

/** Why a task ended without an answer. */
export type Ending = 'deadline' | 'memory' | 'aborted' | 'crashed';

/** A task ended before its worker answered. */
export class TaskEnded extends Error {
  readonly ending: Ending;
  override readonly name = 'TaskEnded';

  constructor(ending: Ending, options?: ErrorOptions) {
    super(`the task ended: ${ending}`, options);
    this.ending = ending;
  }
}

export interface RunOptions {
  deadlineMs: number;
  signal: AbortSignal;
}

const MEMORY_POLL_MS = 100;
const MEBIBYTE = 1024 * 1024;

/**
 * One place of the pool: at most one worker, started when needed and replaced when used up or lost. Workers are
 * processes, not threads: when a thread exhausts its heap, V8 may abort the whole process, however its limits are set.
 */
export class WorkerSlot {
  readonly #program: URL;
  readonly #options: SlotOptions;
  #worker: ChildProcess | undefined;
  #served = 0;
  busy = false;

  constructor(program: URL, options: SlotOptions) {
    this.#program = program;
    this.#options = options;
  }

  /** Runs one task. Rejects with `TaskEnded` when it is cut off; the worker dies with it and the slot lives on. */
  async run(task: Task, options: RunOptions): Promise<Answer> {
    const worker = (this.#worker ??= this.#start());
    try {
      const answer = await this.#ask(worker, task, options);
      this.#served += 1;
      if (this.#served >= this.#options.recycleAfter) await this.stop();
      return answer;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Ends the worker; the next task starts another. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#served = 0;
    if (!worker || worker.exitCode !== null || worker.signalCode !== null) return;
    // A worker alone does not keep its parent alive, but waiting for its end does.
    worker.ref();
    const gone = once(worker, 'exit');
    worker.kill('SIGKILL');
    await gone;
  }

  async #ask(worker: ChildProcess, task: Task, { deadlineMs, signal }: RunOptions): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const end = (ending: Ending, cause?: unknown): void => reject(new TaskEnded(ending, { cause }));
    const timer = setTimeout(() => end('deadline'), deadlineMs);
    const poll = setInterval(() => void this.#checkMemory(worker, () => end('memory')), MEMORY_POLL_MS);
    const onAbort = (): void => end('aborted');
    const onExit = (code: number | null, by: string | null): void =>
      end(isOutOfMemory(code, by) ? 'memory' : 'crashed');
    const onError = (error: Error): void => end('crashed', error);
    signal.addEventListener('abort', onAbort, { once: true });
    worker.once('message', resolve).once('exit', onExit).once('error', onError);
    try {
      if (signal.aborted) onAbort();
      else worker.send(task, (error) => error && onError(error));
      return await promise;
    } finally {
      clearTimeout(timer);
      clearInterval(poll);
      signal.removeEventListener('abort', onAbort);
      worker.off('message', resolve).off('exit', onExit).off('error', onError);
    }
  }

  #start(): ChildProcess {
    const heapMebibytes = Math.ceil(this.#options.memoryBytes / MEBIBYTE);
    const cache = getCompileCacheDir();
    const worker = fork(fileURLToPath(this.#program), {
      // Buffers travel as they are, not as JSON.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: cache === undefined ? {} : { NODE_COMPILE_CACHE: cache },
      execArgv: [`--max-old-space-size=${heapMebibytes}`, ...sourceArguments(this.#program)],
    });
    // An error between tasks (none is expected) must not become an uncaught exception of the service.
    worker.on('error', () => undefined);
    worker.unref();
    worker.channel?.unref();
    return worker;
  }

  /** The heap limit bounds the heap only; buffers (inflated streams, pictures) lie outside it. */
  async #checkMemory({ pid }: ChildProcess, exceeded: () => void): Promise<void> {
    const bytes = pid === undefined ? undefined : await residentBytes(pid);
    if (bytes !== undefined && bytes > this.#options.memoryBytes) exceeded();
  }
}

/** The sources run as they are in development; the image carries compiled code. */
function sourceArguments({ pathname }: URL): string[] {
  return pathname.endsWith('.ts')
    ? ['--conditions=@genai-platform/source', '--disable-warning=ExperimentalWarning']
    : [];
}

/** V8 aborts a process whose heap is full; the kernel kills one when the container's memory is. */
function isOutOfMemory(code: number | null, by: string | null): boolean {
  return code === 134 || by === 'SIGABRT' || by === 'SIGKILL' || by === 'SIGTRAP';
}
