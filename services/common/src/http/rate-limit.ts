import { AppError } from '../errors.ts';

/** Where a client stands with one limit. */
export interface RateLimitState {
  /** Of the policy, such as `requests`. */
  readonly name: string;
  /** How much a window allows. */
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  /** Seconds until the window has room again. */
  readonly resetSeconds: number;
}

/** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10). */
export function rateLimitHeaders(states: readonly RateLimitState[]): Record<string, string> {
  return {
    'ratelimit-policy': states
      .map(({ name, limit, windowSeconds }) => `"${name}";q=${whole(limit)};w=${whole(windowSeconds)}`)
      .join(', '),
    ratelimit: states
      .map(({ name, remaining, resetSeconds }) => `"${name}";r=${whole(remaining)};t=${whole(resetSeconds)}`)
      .join(', '),
  };
}

/** The 429 of a client that has used up a limit. */
export function rateLimited(states: readonly RateLimitState[]): AppError {
  const used = states.filter(({ remaining }) => remaining <= 0);
  return new AppError('RATE_LIMITED', {
    status: 429,
    detail: `too much in a short time: ${used.map(({ name }) => name).join(', ')}`,
    retryAfterSeconds: Math.max(1, ...used.map(({ resetSeconds }) => resetSeconds)),
    headers: rateLimitHeaders(states),
  });
}

function whole(value: number): number {
  return Math.max(0, Math.ceil(value));
}
