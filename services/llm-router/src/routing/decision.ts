import type { FailureKind } from '../providers/provider-error.ts';

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
  outcome: 'pending' | 'answered' | 'failed' | 'broken-off' | 'abandoned';
  target: string | null;
  /** After the first byte: what broke the stream. */
  broken_by: string | null;
  duration_ms: number;
  prompt_tokens: number;
  completion_tokens: number;
  /** In millionths of the price table's currency. */
  cost_micros: number;
  price_version: string | null;
}
