import type { Clock } from '../clock.ts';

/** Lets loops wait for some time, or until there is something to do. */
export class Wakeup {
  #waiting = new Set<AbortController>();
  #missed = false;

  /** Wakes all that wait. Where nobody does, the next one to wait does not: it may have looked a moment too early. */
  wake(): void {
    const waiting = this.#waiting;
    this.#missed = waiting.size === 0;
    this.#waiting = new Set();
    for (const controller of waiting) controller.abort();
  }

  /** Resolves after `ms`, when woken, or when the signal aborts. */
  async wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    if (this.#missed) {
      this.#missed = false;
      return;
    }
    const controller = new AbortController();
    this.#waiting.add(controller);
    await clock.sleep(ms, AbortSignal.any([controller.signal, signal])).catch(() => undefined);
    this.#waiting.delete(controller);
  }
}
