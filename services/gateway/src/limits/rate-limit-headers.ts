import type { Rate, Verdict } from '../domain/gcra.ts';

/** `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-10, for a policy of the given name. */
export function rateLimitHeaders(policy: string, rate: Rate, verdict: Verdict): Record<string, string> {
  const windowSeconds = Math.max(1, Math.ceil(rate.burst / rate.perSecond));
  return {
    'ratelimit-policy': `"${policy}";q=${String(rate.burst)};w=${String(windowSeconds)}`,
    ratelimit: `"${policy}";r=${String(verdict.remaining)};t=${String(Math.ceil(verdict.resetSeconds))}`,
  };
}
