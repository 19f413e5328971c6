import type { Identity } from '@genai-platform/common';
import { ProviderError } from '../providers/provider-error.ts';
import type { Decision } from '../routing/decision.ts';
import { rejectionReply } from '../routing/failures.ts';
import type { Caller } from '../routing/router.ts';

/** What the router has to know of a request. */
export function callerOf(request: {
  readonly identity: Identity;
  readonly requestId: string;
  readonly signal: AbortSignal;
}): Caller {
  return { tenant: request.identity.tenant, requestId: request.requestId, signal: request.signal };
}

/** Headers that say how the answer came about; the decision itself says more. */
export function explained(decision: Decision): Record<string, string> {
  const asked = decision.attempts.filter(({ outcome }) => outcome !== 'skipped');
  const elsewhere = asked.reduce((sum, { duration_ms: ms }) => sum + ms, 0);
  const last = decision.attempts.at(-1);
  const total = last === undefined ? 0 : last.started_ms + last.duration_ms;
  return {
    'x-router-target': decision.target ?? '',
    'x-router-attempts': String(asked.length),
    'x-router-cache': decision.cache === 'off' ? 'miss' : decision.cache,
    'x-router-overhead-ms': Math.max(0, total - elsewhere).toFixed(1),
  };
}

/** A request that a provider rejected is answered in the provider's words. */
export function toClientError(error: unknown): unknown {
  return error instanceof ProviderError ? rejectionReply(error) : error;
}
