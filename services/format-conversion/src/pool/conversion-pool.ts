import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Task } from './task.ts';
import { WorkerSlot, type SlotOptions } from './worker-slot.ts';

export interface PoolOptions extends SlotOptions {
  workers: number;
  /** Tasks that may wait for a worker. */
  maxQueue: number;
  /** Time that a task may run. */
  deadlineMs: number;
}

/** The queue is full; `retryAfterSeconds` is when a place is likely. */
export class PoolBusy extends Error {
  readonly retryAfterSeconds: number;
  override readonly name = 'PoolBusy';

  constructor(retryAfterSeconds: number) {
    super('all workers are busy and the queue is full');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

interface Waiting {
  task: Task;
  signal: AbortSignal;
  resolve: (answer: Promise<Answer>) => void;
  reject: (error: unknown) => void;
}

/**
 * Runs conversions in worker processes. Not in threads (piscina), because a thread that runs out of memory can take
 * the service with it, and because memory that many documents have fragmented comes back only with a process.
 */
export class ConversionPool {
  readonly #options: PoolOptions;
  readonly #slots: readonly WorkerSlot[];
  readonly #waiting: Waiting[] = [];
  /** Smoothed duration of tasks, for Retry-After. */
  #usualMs = 1_000;
  #closed = false;

  constructor(program: URL, options: PoolOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: options.workers }, () => new WorkerSlot(program, options));
  }

  get running(): number {
    return this.#slots.filter((slot) => slot.busy).length;
  }

  get queued(): number {
    return this.#waiting.length;
  }

  /**
   * Runs a task when a worker is free. Throws `PoolBusy` at once when too many wait, and `TaskEnded` when the
   * task is cut off by its deadline, its memory, the signal or a crash.
   */
  async run(task: Task, signal: AbortSignal): Promise<Answer> {
    if (this.#closed || (this.running >= this.#slots.length && this.#waiting.length >= this.#options.maxQueue)) {
      throw new PoolBusy(this.#retryAfterSeconds());
    }
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const waiting: Waiting = { task, signal, resolve, reject };
    const leave = (): void => this.#leave(waiting);
    signal.addEventListener('abort', leave, { once: true });
    this.#waiting.push(waiting);
    this.#advance();
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** Starts one worker before it is asked for: loading the code takes longer than most tasks. */
  async warmUp(task: Task): Promise<void> {
    await this.run(task, AbortSignal.timeout(this.#options.deadlineMs));
  }

  /** Waits for running tasks, but not longer than the grace time; then ends the workers. */
  async close(graceMs = 0): Promise<void> {
    this.#closed = true;
    const until = performance.now() + graceMs;
    while (this.running + this.queued > 0 && performance.now() < until) await sleep(20);
    for (const { reject } of this.#waiting.splice(0)) reject(new PoolBusy(this.#retryAfterSeconds()));
    await Promise.all(this.#slots.map((slot) => slot.stop()));
  }

  #advance(): void {
    const slot = this.#slots.find((candidate) => !candidate.busy);
    const next = slot && this.#waiting.shift();
    if (next) next.resolve(this.#runIn(slot, next));
  }

  async #runIn(slot: WorkerSlot, { task, signal }: Waiting): Promise<Answer> {
    slot.busy = true;
    const start = performance.now();
    try {
      return await slot.run(task, { deadlineMs: this.#options.deadlineMs, signal });
    } finally {
      this.#usualMs = 0.8 * this.#usualMs + 0.2 * (performance.now() - start);
      slot.busy = false;
      this.#advance();
    }
  }

  #leave(waiting: Waiting): void {
    const index = this.#waiting.indexOf(waiting);
    if (index < 0) return;
    this.#waiting.splice(index, 1);
    waiting.reject(waiting.signal.reason);
  }

  #retryAfterSeconds(): number {
    const turns = (this.#waiting.length + 1) / Math.max(this.#slots.length, 1);
    return Math.min(60, Math.max(1, Math.ceil((turns * this.#usualMs) / 1_000)));
  }
}
