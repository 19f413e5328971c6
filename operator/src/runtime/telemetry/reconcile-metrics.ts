import { DeadlineExceeded } from '../errors.ts';
import type { ReconcileMetrics } from '../reconcile/reconcile-metrics.ts';
import type { Outcome } from '../reconcile/outcome.ts';
import type { MetricFactory } from './factory.ts';

// controller-runtime's buckets, so that its dashboards and alerts fit.
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const results = ['error', 'requeue_after', 'requeue', 'success'] as const;
const labels = ['controller'] as const;

/** controller_runtime_*: for each controller what its reconciles came to. All series exist from the start, at 0. */
export function createReconcileMetrics(
  factory: MetricFactory,
): (controller: string, concurrency: number) => ReconcileMetrics {
  const name = (suffix: string): string => `controller_runtime_${suffix}`;
  const total = factory.counter(name('reconcile_total'), 'Reconciliations by result', ['controller', 'result']);
  const errors = factory.counter(name('reconcile_errors_total'), 'Reconciliations that failed', labels);
  const terminal = factory.counter(name('terminal_reconcile_errors_total'), 'Failures that no retry can mend', labels);
  const panics = factory.counter(
    name('reconcile_panics_total'),
    'Reconciliations that failed by a programming error',
    labels,
  );
  const timeouts = factory.counter(
    name('reconcile_timeouts_total'),
    'Reconciliations that missed their deadline',
    labels,
  );
  const seconds = factory.histogram(name('reconcile_time_seconds'), 'Time per reconciliation', { labels, buckets });
  const active = factory.gauge(name('active_workers'), 'Reconciliations under way', labels);
  const most = factory.gauge(name('max_concurrent_reconciles'), 'Reconciliations under way at most', labels);

  return (controller, concurrency) => {
    for (const result of results) total.inc({ controller, result }, 0);
    for (const counter of [errors, terminal, panics, timeouts]) counter.inc({ controller }, 0);
    active.set({ controller }, 0);
    most.set({ controller }, concurrency);
    return {
      started() {
        active.inc({ controller });
      },
      reconciled(outcome, verdict, durationMs) {
        active.dec({ controller });
        total.inc({ controller, result: verdict.result });
        seconds.observe({ controller }, durationMs / 1000);
        if (verdict.result === 'error') errors.inc({ controller });
        if (isTerminal(outcome)) terminal.inc({ controller });
        if (isProgrammingError(outcome)) panics.inc({ controller });
        if (outcome.type === 'failed' && outcome.error instanceof DeadlineExceeded) timeouts.inc({ controller });
      },
    };
  };
}

function isTerminal(outcome: Outcome): boolean {
  return outcome.type === 'failed' && outcome.policy.retry === 'never';
}

/** What would be a panic in Go: a mistake in this program, not in the world. */
function isProgrammingError(outcome: Outcome): boolean {
  if (outcome.type !== 'failed') return false;
  const { error } = outcome;
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}
