/** Methods that may be repeated without asking (RFC 9110 section 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);
const RETRYABLE_STATUS = new Set([429, 502, 503, 504]);
const BASE_MS = 100;
const MAX_MS = 5_000;

export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method);
}

export function isRetryableStatus(status: number): boolean {
  return RETRYABLE_STATUS.has(status);
}

/**
 * How long to wait before the next attempt, in milliseconds: exponential with full jitter, and never less than the
 * server's `Retry-After` (seconds, or a date).
 *
 * @param attempt counts from 1
 */
export function retryPauseMs(attempt: number, retryAfter: string | undefined, nowMs: number): number {
  const backoff = Math.random() * Math.min(MAX_MS, BASE_MS * 2 ** (attempt - 1));
  return Math.max(backoff, retryAfterMs(retryAfter, nowMs));
}

/** Reads a `Retry-After` header (RFC 9110 section 10.2.3); 0 where there is none that can be understood. */
export function retryAfterMs(header: string | undefined, nowMs: number): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? 0 : Math.max(0, dateMs - nowMs);
}
