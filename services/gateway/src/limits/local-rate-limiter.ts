import { LRUCache } from 'lru-cache';
import type { Clock } from '@genai-platform/common';
import { gcra } from '../domain/gcra.ts';
import type { Rate, Verdict } from '../domain/gcra.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** A client that has been forgotten starts with a whole burst again, so this many are the price of a flood of them. */
const REMEMBERED_CLIENTS = 50_000;

/** Limits within this process alone. */
export class LocalRateLimiter implements RateLimiter {
  readonly #arrivals = new LRUCache<string, number>({ max: REMEMBERED_CLIENTS });
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(client: string, rate: Rate): Verdict {
    const { verdict, arrivalMs } = gcra(this.#arrivals.get(client), this.#clock.now(), rate);
    this.#arrivals.set(client, arrivalMs);
    return verdict;
  }
}
