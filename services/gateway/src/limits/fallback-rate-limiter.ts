import type { Logger, Metrics } from '@genai-platform/common';
import type { Rate, Verdict } from '../domain/gcra.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** After a failure the shared limiter is left alone for this long, so that no request waits for it in vain. */
const PAUSE_MS = 1_000;

/**
 * Asks the shared limiter, and the local one while that is away: with Redis down every gateway pod limits by itself, so
 * the limit is at most multiplied by the number of pods, and no request fails for it.
 */
export class FallbackRateLimiter implements RateLimiter {
  readonly #shared: RateLimiter;
  readonly #local: RateLimiter;
  readonly #log: Logger;
  readonly #fallbacks: { inc(): void };
  #pausedUntilMs = 0;

  constructor(
    limiters: { shared: RateLimiter; local: RateLimiter },
    { log, metrics }: { log: Logger; metrics: Metrics },
  ) {
    this.#shared = limiters.shared;
    this.#local = limiters.local;
    this.#log = log;
    this.#fallbacks = metrics.counter({
      name: 'rate_limit_local_total',
      help: 'Requests limited by this process alone because Redis did not answer',
    });
  }

  take(client: string, rate: Rate): Promise<Verdict> | Verdict {
    if (performance.now() < this.#pausedUntilMs) return this.#takeLocally(client, rate);
    const verdict = this.#shared.take(client, rate);
    return verdict instanceof Promise ? this.#orLocally(verdict, client, rate) : verdict;
  }

  async #orLocally(verdict: Promise<Verdict>, client: string, rate: Rate): Promise<Verdict> {
    try {
      return await verdict;
    } catch (error) {
      this.#pausedUntilMs = performance.now() + PAUSE_MS;
      this.#log.warn({ error }, 'the cache does not answer: limiting rates within this process');
      return this.#takeLocally(client, rate);
    }
  }

  #takeLocally(client: string, rate: Rate): Verdict | Promise<Verdict> {
    this.#fallbacks.inc();
    return this.#local.take(client, rate);
  }
}
