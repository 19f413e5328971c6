import type { Outcome } from './outcome.ts';
import type { Verdict } from './verdict.ts';

/** What a worker reports; the names under which it appears are the metrics' business. */
export interface ReconcileMetrics {
  started(): void;
  reconciled(outcome: Outcome, verdict: Verdict, durationMs: number): void;
}
