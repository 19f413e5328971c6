import type { Rate, Verdict } from '../domain/gcra.ts';

/** Counts one request of `client` against `rate`. */
export interface RateLimiter {
  take(client: string, rate: Rate): Promise<Verdict> | Verdict;
}

/** So many requests at once, granted in advance: none where the client has to wait. */
export interface Lease {
  readonly granted: number;
  /** The verdict after the last of them. */
  readonly verdict: Verdict;
}

/** Counts requests before they are made. */
export interface LeaseSource {
  lease(client: string, rate: Rate, wanted: number): Promise<Lease>;
}
