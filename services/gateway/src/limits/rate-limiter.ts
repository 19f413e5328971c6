import type { Rate, Verdict } from '../domain/gcra.ts';

/** Counts one request of `client` against `rate`. */
export interface RateLimiter {
  take(client: string, rate: Rate): Promise<Verdict> | Verdict;
}
