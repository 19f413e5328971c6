import { ApiError, CallTimeout, ConnectionError } from './api-error.ts';
import type { Verb } from './call.ts';

/** Doing these twice does what doing them once does: server-side apply states a whole, deletes carry a UID. */
const idempotent: ReadonlySet<Verb> = new Set(['get', 'list', 'apply', 'delete']);
const retriableStatus: ReadonlySet<number> = new Set([502, 503, 504]);

const attempts = 4;
const baseMs = 100;
const capMs = 5_000;

/**
 * How long to wait before the next attempt, or undefined to give up. Full jitter over an exponential step, on top of
 * what Retry-After asks for, so that the clients of one overloaded server do not come back together.
 * @param attempt 1 for the first that failed.
 * @param random in [0, 1).
 */
export function retryDelayMs(verb: Verb, error: unknown, attempt: number, random: number): number | undefined {
  if (attempt >= attempts || !isRetriable(verb, error)) return undefined;
  const jittered = Math.min(capMs, baseMs * 2 ** (attempt - 1)) * random;
  const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  return asked + jittered;
}

function isRetriable(verb: Verb, error: unknown): boolean {
  // 429 is given before anything is done, so that it is safe to repeat even a create.
  if (error instanceof ApiError) {
    return error.code === 429 || (retriableStatus.has(error.code) && idempotent.has(verb));
  }
  return (error instanceof ConnectionError || error instanceof CallTimeout) && idempotent.has(verb);
}

/** Retry-After in milliseconds: seconds, or an HTTP date (RFC 9110, section 10.2.3). */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
