import { Worker } from 'node:worker_threads';
import type { Answer, Task } from './task.ts';

export interface SlotOptions {
  /** Heap that the worker may use before V8 ends it, in MiB. */
  heapMebibytes: number;
  /** Heap and buffers that a task may hold, in bytes. */
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

const MEMORY_POLL_MS = 100;

/** One place of the pool: at most one worker, started when needed and replaced when used up or lost. */
export class WorkerSlot {
  readonly #program: URL;
  readonly #options: SlotOptions;
  #worker: Worker | undefined;
  #served = 0;
  busy = false;

  constructor(program: URL, options: SlotOptions) {
    this.#program = program;
    this.#options = options;
  }

  /** Runs one task. Rejects with `TaskEnded` when it is cut off; the worker dies with it and the slot lives on. */
  async run(task: Task, { deadlineMs, signal }: { deadlineMs: number; signal: AbortSignal }): Promise<Answer> {
    const worker = (this.#worker ??= this.#start());
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const end = (ending: Ending, cause?: unknown): void => reject(new TaskEnded(ending, { cause }));
    const timer = setTimeout(() => end('deadline'), deadlineMs);
    const poll = setInterval(() => void this.#checkMemory(worker, () => end('memory')), MEMORY_POLL_MS);
    const onAbort = (): void => end('aborted');
    const onError = (error: Error): void => end(isOutOfMemory(error) ? 'memory' : 'crashed', error);
    const onExit = (): void => end('crashed');
    signal.addEventListener('abort', onAbort, { once: true });
    worker.once('message', resolve).once('error', onError).once('exit', onExit);
    try {
      if (signal.aborted) onAbort();
      else worker.postMessage(task);
      const answer = await promise;
      this.#served += 1;
      return answer;
    } catch (error) {
      await this.stop();
      throw error;
    } finally {
      clearTimeout(timer);
      clearInterval(poll);
      signal.removeEventListener('abort', onAbort);
      worker.off('message', resolve).off('error', onError).off('exit', onExit);
      if (this.#served >= this.#options.recycleAfter) await this.stop();
    }
  }

  /** Ends the worker; the next task starts another. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#served = 0;
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#program, {
      resourceLimits: { maxOldGenerationSizeMb: this.#options.heapMebibytes },
      // The sources run as they are in development; the image carries compiled code.
      execArgv: this.#program.pathname.endsWith('.ts')
        ? ['--conditions=source', '--disable-warning=ExperimentalWarning']
        : [],
      env: {},
    });
    // Errors between tasks (none are expected) must not become an uncaught exception of the service.
    worker.on('error', () => undefined);
    worker.unref();
    return worker;
  }

  /** `resourceLimits` bound the heap only; buffers (inflated streams, pictures) lie outside it. */
  async #checkMemory(worker: Worker, exceeded: () => void): Promise<void> {
    try {
      const { used_heap_size: heap, external_memory: external } = await worker.getHeapStatistics();
      if (heap + external > this.#options.memoryBytes) exceeded();
    } catch {
      // The worker has just ended; whoever ended it has said why.
    }
  }
}

function isOutOfMemory(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
