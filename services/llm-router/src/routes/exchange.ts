import type { Identity } from '@genai-platform/common';
import { ProviderError } from '../providers/provider-error.ts';
import type { Decision } from '../routing/decision.ts';
import { rejectionReply } from '../routing/failures.ts';
import type { Caller } from '../routing/caller.ts';

/** What the router has to know of a request. */
export function callerOf(request: {
  readonly identity: Identity;
  readonly requestId: string;
  readonly signal: AbortSignal;
  readonly req: { readonly headers: Readonly<Record<string, string | string[] | undefined>> };
}): Caller {
  const { identity, requestId, signal, req } = request;
  const { 'cache-control': cacheControl } = req.headers;
  const { tenant, subject, apiKey } = identity;
  return { tenant, subject, apiKey, requestId, signal, ...(typeof cacheControl === 'string' && { cacheControl }) };
}

/** Headers that say how the answer came about; the decision itself says more. */
export function explained(decision: Decision): Record<string, string> {
  let asked = 0;
  let elsewhere = 0;
  for (const { outcome, duration_ms: ms } of decision.attempts) {
    if (outcome === 'skipped') continue;
    asked += 1;
    elsewhere += ms;
  }
  const last = decision.attempts.at(-1);
  const total = last === undefined ? 0 : last.started_ms + last.duration_ms;
  return {
    'x-router-target': decision.target ?? '',
    'x-router-attempts': String(asked),
    'x-router-cache': decision.cache === 'off' ? 'miss' : decision.cache,
    'x-router-overhead-ms': Math.max(0, total - elsewhere).toFixed(1),
    ...remaining(decision),
  };
}

/** By the names that OpenAI's clients know; of several limits, the tightest. */
function remaining({ quotas }: Decision): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const unit of ['requests', 'tokens'] as const) {
    let tightest: Decision['quotas'][number] | undefined;
    for (const quota of quotas) {
      if (quota.unit === unit && quota.left < (tightest?.left ?? Infinity)) tightest = quota;
    }
    if (tightest === undefined) continue;
    headers[`x-ratelimit-limit-${unit}`] = String(tightest.amount);
    headers[`x-ratelimit-remaining-${unit}`] = String(tightest.left);
    headers[`x-ratelimit-reset-${unit}`] = tightest.resets_at;
  }
  return headers;
}

/** A request that a provider rejected is answered in the provider's words. */
export function toClientError(error: unknown): unknown {
  return error instanceof ProviderError ? rejectionReply(error) : error;
}
