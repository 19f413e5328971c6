import type { Clock } from '../../src/runtime/index.ts';

interface Timer {
  readonly dueAt: number;
  readonly callback: () => void;
}

/** Time that moves only when a test says so. Both clocks move together unless the wall clock is `skew`ed. */
export class FakeClock implements Clock {
  #nowMs = 0;
  #skewMs = Date.parse('2026-01-01T00:00:00Z');
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#nowMs + this.#skewMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer = { dueAt: this.#nowMs + Math.max(delayMs, 0), callback };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Timers that are set and not due. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Sets the wall clock forward or, with a negative value, back. */
  skew(byMs: number): void {
    this.#skewMs += byMs;
  }

  /** Lets time pass without running a timer, as in a process that is stopped. */
  freeze(forMs: number): void {
    this.#nowMs += forMs;
  }

  /** Lets time pass; timers run in order, and what they resolve runs before the next. */
  async advance(byMs: number): Promise<void> {
    const until = this.#nowMs + byMs;
    await settle();
    while (this.#runNext(until)) await settle();
    this.#nowMs = until;
  }

  /** The same at once: for code that awaits nothing. */
  tick(byMs: number): void {
    const until = this.#nowMs + byMs;
    while (this.#runNext(until));
    this.#nowMs = until;
  }

  #runNext(until: number): boolean {
    const timer = this.#next(until);
    if (!timer) return false;
    this.#nowMs = Math.max(this.#nowMs, timer.dueAt);
    this.#timers.delete(timer);
    timer.callback();
    return true;
  }

  #next(until: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.dueAt <= until);
    return due.sort((a, b) => a.dueAt - b.dueAt)[0];
  }
}

/** Lets everything that is already resolved run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
