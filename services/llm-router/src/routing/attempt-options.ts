import type { Breaker } from './breaker.ts';
import type { Decision } from './decision.ts';
import type { Target } from './route-book.ts';

/** What one round of attempts works with. */
export interface AttemptOptions {
  readonly targets: readonly Target[];
  readonly breakerOf: (target: Target) => Breaker;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
  /** By `performance.now()`: no attempt goes on after it. */
  readonly endsAtMs: number;
  readonly startedAtMs: number;
  readonly decision: Decision;
}
