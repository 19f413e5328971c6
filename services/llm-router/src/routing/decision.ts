import type { FailureKind } from '../providers/provider-error.ts';
import type { QuotaState } from '../quotas/quota-gate.ts';
import type { Caller } from './caller.ts';
import type { Route, Target } from './route-book.ts';

/** One try, or why there was none. */
export interface Attempt {
  readonly target: string;
  readonly outcome: 'answered' | 'failed' | 'skipped' | 'abandoned';
  /** Why it failed, or why it was skipped. */
  readonly reason?: FailureKind | 'breaker-open' | 'no-time' | 'client-gone';
  /** HTTP status of the provider. */
  readonly status?: number;
  readonly detail?: string;
  readonly started_ms: number;
  readonly duration_ms: number;
}

/** Why a request went where it went. Times count from its beginning. */
export interface Decision {
  readonly id: string;
  readonly tenant: string;
  readonly model: string;
  readonly operation: string;
  readonly strategy: string;
  readonly created_at: string;
  /** The order in which targets were to be tried. */
  readonly order: readonly string[];
  readonly attempts: Attempt[];
  cache: 'hit' | 'semantic-hit' | 'miss' | 'off';
  /** Of the question to the one whose answer was given. */
  cache_similarity: number | null;
  /** What the request was counted against, as it was before it was answered. */
  quotas: readonly QuotaState[];
  /** Why nobody was asked. */
  refused_by: string | null;
  outcome: 'pending' | 'answered' | 'failed' | 'broken-off' | 'abandoned';
  target: string | null;
  /** After the first byte: what broke the stream. */
  broken_by: string | null;
  duration_ms: number;
  prompt_tokens: number;
  completion_tokens: number;
  /** Of the prompt's, those that the provider had in its cache, and those that it has there now. */
  cache_read_tokens: number;
  cache_write_tokens: number;
  /** Whether the provider did not say what it took. */
  usage_estimated: boolean;
  /** In millionths of the price table's currency. */
  cost_micros: number;
  price_version: string | null;
}

interface Beginning {
  readonly operation: string;
  readonly route: Route;
  readonly targets: readonly Target[];
  readonly caller: Caller;
  readonly nowMs: number;
  readonly cache?: Decision['cache'] | undefined;
}

/** A decision before anybody was asked. */
export function newDecision({ operation, route, targets, caller, nowMs, cache = 'off' }: Beginning): Decision {
  return {
    id: caller.requestId,
    tenant: caller.tenant,
    model: route.model,
    operation,
    strategy: route.strategy,
    created_at: new Date(nowMs).toISOString(),
    order: targets.map(({ id }) => id),
    attempts: [],
    cache,
    cache_similarity: null,
    quotas: [],
    refused_by: null,
    outcome: 'pending',
    target: null,
    broken_by: null,
    duration_ms: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    usage_estimated: false,
    cost_micros: 0,
    price_version: null,
  };
}
