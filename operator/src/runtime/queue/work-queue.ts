import { exponentialMs } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import { TokenBucket } from '../transport/token-bucket.ts';
import { DelayedKeys } from './delayed-keys.ts';
import { FairLane } from './fair-lane.ts';
import type { Priority } from './priority.ts';
import { priorities, priorityCount } from './priority.ts';
import type { QueueMetrics } from './queue-metrics.ts';

// controller-runtime starts at 5 ms as well; its cap of 1000 s leaves a mended platform broken for a quarter of an hour. A
// third of all calls failing for two minutes, as in an overload, is some fifteen failures in a row although each look gets
// further than the last: what has healed must not be waited out for longer than it took. Crossplane's cap is the same.
const baseMs = 5;
const capMs = 60_000;
// Over all keys: after an outage everything fails at once, and must not come back at once.
const retryRate = { perSecond: 10, burst: 100 };
// One in so many goes to the least urgent lane, so that a flood of changes delays resyncs but never starves them.
const lowestTurn = 8;

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly random?: () => number;
  readonly metrics?: QueueMetrics;
}

/** A key handed out for processing. */
export interface WorkItem {
  readonly key: string;
  /** Milliseconds since it was added. */
  readonly waitedMs: number;
}

interface Queued {
  readonly priority: Priority;
  readonly addedAt: number;
}

/**
 * Which objects to look at. Holds keys only, each at most once: what is to be done is read from the cache when its turn
 * comes, so that ten changes are one look. A key is never handed out twice at a time: added meanwhile, it comes again
 * after `finish`. Nothing is ever dropped.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #metrics: QueueMetrics | undefined;
  readonly #lanes: readonly FairLane[] = Array.from({ length: priorityCount }, () => new FairLane());
  readonly #queued = new Map<string, Queued>();
  readonly #processing = new Map<string, number>();
  readonly #again = new Map<string, Priority>();
  readonly #failures = new Map<string, number>();
  readonly #delayed: DelayedKeys<Priority>;
  readonly #bucket: TokenBucket;
  readonly #takers: ((item: WorkItem | undefined) => void)[] = [];
  #handedOut = 0;
  #closed = false;

  constructor(options: WorkQueueOptions) {
    this.#clock = options.clock;
    this.#random = options.random ?? Math.random;
    this.#metrics = options.metrics;
    this.#bucket = new TokenBucket(this.#clock, retryRate);
    this.#delayed = new DelayedKeys(this.#clock, (key, priority) => {
      this.add(key, priority);
    });
  }

  /** Keys that wait for a worker. */
  get depth(): number {
    return this.#queued.size;
  }

  /** Keys that become due later. */
  get delayed(): number {
    return this.#delayed.size;
  }

  /** Keys under way, with when each began. */
  get processing(): ReadonlyMap<string, number> {
    return this.#processing;
  }

  /** Asks for a look at the key now. A more urgent reason moves a key forward, a less urgent one changes nothing. */
  add(key: string, priority: Priority): void {
    if (this.#closed) return;
    this.#metrics?.added();
    if (this.#processing.has(key)) this.#again.set(key, moreUrgent(this.#again.get(key), priority));
    else this.#enqueue(key, priority);
  }

  /** Asks for a look after a time; an earlier one that is planned stands. */
  addAfter(key: string, delayMs: number, priority: Priority): void {
    if (!this.#closed) this.#delayed.add(key, delayMs, priority);
  }

  /**
   * Asks for another look after a failure: exponential per key with jitter, and never faster over all keys than the
   * retry rate.
   * @param atLeastMs what the server asked for.
   * @returns the delay.
   */
  retry(key: string, atLeastMs = 0): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const ownMs = exponentialMs(baseMs, capMs, failures) * (0.5 + this.#random() / 2);
    const delayMs = Math.max(ownMs, this.#bucket.take(), atLeastMs);
    this.#metrics?.retried();
    if (!this.#closed) this.#delayed.add(key, delayMs, priorities.related, true);
    return delayMs;
  }

  /** The key went well: the next failure starts again from the shortest delay. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  failuresOf(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /** The next key, as soon as there is one; undefined when the queue is closed. The taker must call `finish`. */
  take(): Promise<WorkItem | undefined> {
    return new Promise((resolve) => {
      if (this.#closed) {
        resolve(undefined);
        return;
      }
      this.#takers.push(resolve);
      this.#hand();
    });
  }

  /** The taken key is done with; if it was added meanwhile, it comes again. */
  finish(key: string): void {
    const startedAt = this.#processing.get(key);
    if (startedAt === undefined) return;
    this.#processing.delete(key);
    this.#metrics?.finished(this.#clock.monotonic() - startedAt);
    const again = this.#again.get(key);
    this.#again.delete(key);
    if (again !== undefined) this.add(key, again);
  }

  /** Forgets everything that waits and hands out nothing more. Keys under way are not touched. */
  close(): void {
    this.#closed = true;
    this.#delayed.clear();
    this.#queued.clear();
    for (const take of this.#takers.splice(0)) take(undefined);
  }

  #enqueue(key: string, priority: Priority): void {
    const queued = this.#queued.get(key);
    if (queued && queued.priority <= priority) return;
    if (queued) this.#lanes[queued.priority]?.remove(key);
    this.#queued.set(key, { priority, addedAt: queued?.addedAt ?? this.#clock.monotonic() });
    this.#lanes[priority]?.push(key);
    this.#hand();
  }

  #hand(): void {
    while (this.#takers.length > 0) {
      const key = this.#next();
      if (key === undefined) return;
      const now = this.#clock.monotonic();
      const waitedMs = now - (this.#queued.get(key)?.addedAt ?? now);
      this.#queued.delete(key);
      this.#delayed.remove(key);
      this.#processing.set(key, now);
      this.#metrics?.started(waitedMs);
      this.#takers.shift()?.({ key, waitedMs });
    }
  }

  #next(): string | undefined {
    if (this.#queued.size === 0) return undefined;
    this.#handedOut += 1;
    const lanes = this.#handedOut % lowestTurn === 0 ? this.#lanes.toReversed() : this.#lanes;
    return lanes.find((lane) => lane.size > 0)?.shift();
  }
}

function moreUrgent(a: Priority | undefined, b: Priority): Priority {
  return a !== undefined && a < b ? a : b;
}
