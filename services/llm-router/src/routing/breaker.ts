import type { Clock } from '@genai-platform/common';

export interface BreakerOptions {
  /** Failures in a row after which nobody asks for a while. */
  readonly failures: number;
  /** For how long; doubled with each probe that fails, up to ten times as long. */
  readonly pauseMs: number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

const LONGEST = 10;

/**
 * Keeps requests away from a target that fails: after some failures in a row nobody asks it, until one request may try
 * whether it works again. Of many requests that come then, only one is that probe.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #clock: Clock;
  #failures = 0;
  #opened = 0;
  #opensAgainAtMs = 0;
  #probing = false;

  constructor(options: BreakerOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  get state(): BreakerState {
    if (this.#failures < this.#options.failures) return 'closed';
    return this.#clock.now() < this.#opensAgainAtMs ? 'open' : 'half-open';
  }

  /** Seconds until a probe is let through; 0 where requests pass. */
  get secondsToProbe(): number {
    return this.state === 'open' ? Math.max(1, Math.ceil((this.#opensAgainAtMs - this.#clock.now()) / 1_000)) : 0;
  }

  /** Whether a request may be sent now. One that may has to tell how it went: `succeed`, `fail` or `release`. */
  admit(): boolean {
    const { state } = this;
    if (state === 'closed') return true;
    if (state === 'open' || this.#probing) return false;
    this.#probing = true;
    return true;
  }

  succeed(): void {
    this.#failures = 0;
    this.#opened = 0;
    this.#probing = false;
  }

  /** @param retryAfterSeconds what the target asked for itself */
  fail(retryAfterSeconds?: number): void {
    this.#failures += 1;
    this.#probing = false;
    const { failures, pauseMs } = this.#options;
    if (this.#failures < failures) return;
    const pause = Math.min(pauseMs * 2 ** this.#opened, pauseMs * LONGEST);
    this.#opened += 1;
    this.#opensAgainAtMs =
      this.#clock.now() + Math.max(pause, Math.min((retryAfterSeconds ?? 0) * 1_000, pauseMs * LONGEST));
  }

  /** The request ended without telling anything of the target, as when its client has gone. */
  release(): void {
    this.#probing = false;
  }
}
