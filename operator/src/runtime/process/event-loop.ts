import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * How late the event loop runs. In Node a blocked loop loses the lease as surely as a broken network does, so this is
 * the first thing to look at when leadership flaps.
 */
export class EventLoopMonitor {
  // Ten looks a second: finer ones would cost more than an idle operator does.
  readonly #histogram = monitorEventLoopDelay({ resolution: 100 });

  start(): void {
    this.#histogram.enable();
  }

  stop(): void {
    this.#histogram.disable();
  }

  /** The longest delay since the last reading, in seconds. */
  takeLongestSeconds(): number {
    const seconds = this.#histogram.max / 1e9;
    this.#histogram.reset();
    return seconds;
  }
}
