import type { Span } from '@opentelemetry/api';
import { context as otelContext, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Clock } from '../clock.ts';
import type { Controller } from '../controller.ts';
import type { Logger } from '../logger.ts';
import type { CallContext } from '../object-client.ts';
import { parseKey } from '../object.ts';
import { priorities } from '../queue/priority.ts';
import type { WorkItem, WorkQueue } from '../queue/work-queue.ts';
import type { ReconcileMetrics } from './reconcile-metrics.ts';
import type { Outcome } from './outcome.ts';
import type { Reconciler } from './reconciler.ts';
import type { Next, Verdict } from './verdict.ts';
import { decide } from './verdict.ts';

export interface WorkerPoolOptions {
  readonly controller: Controller;
  readonly reconciler: Pick<Reconciler<never>, 'reconcile'>;
  readonly queue: WorkQueue;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics: ReconcileMetrics;
}

const tracer = trace.getTracer('operator-runtime');

/** Takes keys from a queue and reconciles them, a fixed number at a time, until the queue closes. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** Resolves when the queue is closed and every reconcile under way has ended. */
  async run(tenure: CallContext): Promise<void> {
    const { concurrency } = this.#options.controller;
    await Promise.all(Array.from({ length: concurrency }, () => this.#work(tenure)));
  }

  async #work(tenure: CallContext): Promise<void> {
    const { queue } = this.#options;
    for (let item = await queue.take(); item; item = await queue.take()) {
      await this.#handle(item, tenure);
      queue.finish(item.key);
    }
  }

  async #handle(item: WorkItem, tenure: CallContext): Promise<void> {
    const { controller, reconciler, queue, clock, log, metrics } = this.#options;
    const key = parseKey(item.key);
    const attempt = queue.failuresOf(item.key) + 1;
    const attributes = {
      'k8s.namespace.name': key.namespace,
      'k8s.object.name': key.name,
      'reconcile.attempt': attempt,
      'reconcile.queued_ms': item.waitedMs,
    };
    const span = tracer.startSpan(`reconcile ${controller.kind.kind}`, { attributes });
    const startedAt = clock.monotonic();
    metrics.started();
    const keyLog = log.child({ controller: controller.name, namespace: key.namespace, name: key.name });
    const scope = trace.setSpan(otelContext.active(), span);
    const outcome = await otelContext.with(scope, () => reconciler.reconcile(key, tenure, keyLog));
    const verdict = decide(outcome, controller.resyncMs);
    const durationMs = clock.monotonic() - startedAt;
    metrics.reconciled(outcome, verdict, durationMs);
    report(keyLog, outcome, verdict, { attempt, durationMs: Math.round(durationMs) });
    this.#plan(item.key, verdict.next);
    endSpan(span, outcome, verdict);
  }

  #plan(key: string, next: Next): void {
    const { queue, random } = this.#options;
    if (next.type === 'retry') {
      queue.retry(key, next.atLeastMs);
      return;
    }
    queue.forget(key);
    if (next.type === 'forget') return;
    // ±10 %, so that what was looked at together drifts apart.
    const spread = next.settled ? 0.9 + random() * 0.2 : 1;
    queue.addAfter(key, next.delayMs * spread, next.settled ? priorities.resync : priorities.related);
  }
}

function report(log: Logger, outcome: Outcome, verdict: Verdict, fields: object): void {
  if (outcome.type === 'failed') log[verdict.log]({ ...fields, err: outcome.error }, 'reconcile failed');
  else if (outcome.type === 'wait' || outcome.type === 'stall') {
    log[verdict.log]({ ...fields, reason: outcome.reason, detail: outcome.message }, 'reconcile is not done');
  } else log[verdict.log](fields, 'reconciled');
}

function endSpan(span: Span, outcome: Outcome, verdict: Verdict): void {
  span.setAttribute('reconcile.result', verdict.result);
  if (outcome.type === 'failed') {
    span.recordException(outcome.error);
    span.setStatus({ code: SpanStatusCode.ERROR, message: outcome.error.message });
  }
  span.end();
}
