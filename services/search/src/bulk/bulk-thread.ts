import { Worker } from 'node:worker_threads';
import { AppError } from '@genai-platform/common';
import type { BulkSource, PreparedBulk } from '../domain/prepare-bulk.ts';
import type { IndexSettings } from '../domain/settings.ts';
import type { BulkAnswer, BulkTask } from './bulk-worker.ts';

interface Waiting {
  readonly resolve: (prepared: PreparedBulk) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that nobody needed for so long is ended: it holds some ten megabytes of words. */
const IDLE_MS = 60_000;
/** Enough for the largest bulk; without a bound the thread would let garbage pile up to the machine's size. */
const HEAP_MEBIBYTES = 192;
const YOUNG_MEBIBYTES = 24;

/** The thread that prepares bulk requests: started when needed, anew when it was lost, ended when idle. */
export class BulkThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #next = 0;

  /** @throws AppError 503 where the thread was lost over it */
  async prepare(source: BulkSource, settings: IndexSettings): Promise<PreparedBulk> {
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    const task: BulkTask = { id: this.#next++, source, settings };
    const { promise, resolve, reject } = Promise.withResolvers<PreparedBulk>();
    this.#waiting.set(task.id, { resolve, reject });
    worker.postMessage(task);
    return await promise;
  }

  /** Ends the thread; what it still had to do fails. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const program = new URL('./bulk-worker.ts', import.meta.url);
    const worker = new Worker(program, {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEBIBYTES, maxYoungGenerationSizeMb: YOUNG_MEBIBYTES },
      // The sources run as they are in development; the image carries compiled code.
      execArgv: program.pathname.endsWith('.ts') ? ['--disable-warning=ExperimentalWarning'] : [],
      env: {},
    });
    worker.on('message', (answer: BulkAnswer) => this.#settle(answer));
    worker.on('error', (cause: Error) => this.#lose(worker, cause));
    worker.on('exit', () => this.#lose(worker, undefined));
    worker.unref();
    return worker;
  }

  #settle(answer: BulkAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('prepared' in answer) waiting?.resolve(answer.prepared);
    else waiting?.reject(answer.failure);
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#worker?.terminate(), IDLE_MS).unref();
  }

  /** The thread has ended: whoever waits for it is told, and the next request starts another. */
  #lose(worker: Worker, cause: Error | undefined): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const detail = 'the documents could not be prepared; send fewer at once';
    for (const { reject } of this.#waiting.values())
      reject(new AppError('SEARCH_BULK_LOST', { status: 503, detail, cause }));
    this.#waiting.clear();
  }
}
