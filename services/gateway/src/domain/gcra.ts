/** A rate: so many requests per second in the long run, and so many at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What the limiter says of one request. Times are in seconds. */
export interface Verdict {
  readonly allowed: boolean;
  /** Requests that would be allowed right now, after this one. */
  readonly remaining: number;
  /** Until the whole burst is there again. */
  readonly resetSeconds: number;
  /** Until one request is allowed; 0 when this one was. */
  readonly retryAfterSeconds: number;
}

/**
 * The generic cell rate algorithm (ITU-T I.371, annex A; virtual scheduling): one number a client, the theoretical
 * arrival time, which each request moves one emission interval ahead. Equivalent to a token bucket of `burst` tokens.
 *
 * @param arrivalMs the client's theoretical arrival time so far; `undefined` for a new client
 * @returns the verdict and the arrival time to keep
 */
export function gcra(
  arrivalMs: number | undefined,
  nowMs: number,
  rate: Rate,
): { verdict: Verdict; arrivalMs: number } {
  const intervalMs = 1_000 / rate.perSecond;
  const toleranceMs = intervalMs * rate.burst;
  const current = Math.max(arrivalMs ?? nowMs, nowMs);
  const next = current + intervalMs;
  const earlyMs = next - toleranceMs - nowMs;
  const allowed = earlyMs <= ROUNDING_MS;
  const kept = allowed ? next : current;
  return {
    arrivalMs: kept,
    verdict: {
      allowed,
      remaining: Math.max(0, Math.floor((toleranceMs - (kept - nowMs)) / intervalMs + ROUNDING_MS)),
      resetSeconds: Math.max(0, kept - nowMs) / 1_000,
      retryAfterSeconds: allowed ? 0 : earlyMs / 1_000,
    },
  };
}

/** Sums of intervals such as 1/3 s are not exact. */
const ROUNDING_MS = 1e-6;
