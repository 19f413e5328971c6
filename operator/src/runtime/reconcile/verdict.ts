import type { ErrorPolicy } from '../errors.ts';
import type { Outcome } from './outcome.ts';

/** What the queue does with a key after a reconcile. */
export type Next =
  | { readonly type: 'forget' }
  /** Look again after this time, unless something happens before. */
  | { readonly type: 'after'; readonly delayMs: number; readonly settled: boolean }
  /** Exponential backoff. */
  | { readonly type: 'retry'; readonly atLeastMs: number };

export interface Verdict {
  readonly next: Next;
  /** The `result` label of controller_runtime_reconcile_total. */
  readonly result: 'success' | 'requeue_after' | 'requeue' | 'error';
  readonly log: 'debug' | 'info' | 'warn' | 'error';
}

/** A stalled object may be mended by something nobody watches; looking costs a few milliseconds. */
const stalledMs = 60_000;

/** The one place that turns results and the policies of errors into what happens next. */
export function decide(outcome: Outcome, resyncMs: number): Verdict {
  switch (outcome.type) {
    case 'gone':
      return { next: { type: 'forget' }, result: 'success', log: 'debug' };
    case 'done':
    case 'suspended':
      return { next: { type: 'after', delayMs: resyncMs, settled: true }, result: 'success', log: 'debug' };
    case 'wait':
      return {
        next: { type: 'after', delayMs: outcome.afterMs, settled: false },
        result: 'requeue_after',
        log: 'debug',
      };
    case 'stall':
      return {
        next: { type: 'after', delayMs: Math.min(stalledMs, resyncMs), settled: true },
        result: 'requeue_after',
        log: 'info',
      };
    case 'failed':
      return decideFailure(outcome.policy, resyncMs);
  }
}

function decideFailure(policy: ErrorPolicy, resyncMs: number): Verdict {
  const atLeastMs = policy.afterMs ?? 0;
  switch (policy.retry) {
    case 'never':
      return {
        next: { type: 'after', delayMs: Math.min(stalledMs, resyncMs), settled: true },
        result: 'error',
        log: 'warn',
      };
    case 'soon':
      return { next: { type: 'retry', atLeastMs }, result: 'requeue', log: 'debug' };
    case 'backoff':
      return { next: { type: 'retry', atLeastMs }, result: 'error', log: 'error' };
  }
}
