import type { Clock } from '../clock.ts';
import type { Controller } from '../controller.ts';
import type { Logger } from '../logger.ts';
import type { CallContext } from '../object-client.ts';
import type { Ownership } from '../ownership.ts';
import type { Priority } from '../queue/priority.ts';
import { WorkQueue } from '../queue/work-queue.ts';
import type { QueueTelemetry } from '../telemetry/queue-metrics.ts';
import type { Services } from './context.ts';
import { feed, feedAll } from './feeder.ts';
import type { ReconcileMetrics } from './reconcile-metrics.ts';
import { Reconciler } from './reconciler.ts';
import { WorkerPool } from './worker-pool.ts';

export interface RunnerOptions {
  readonly controller: Controller;
  readonly services: Services;
  readonly ownership: Ownership;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics: ReconcileMetrics;
  readonly queueTelemetry: QueueTelemetry;
}

// A step that ignores its signal for this long after the deadline never ends.
const hangMs = 60_000;

/** One controller over the life of the process: idle while another process leads, at work during a term. */
export class ControllerRunner {
  readonly #options: RunnerOptions;
  readonly #reconciler: Reconciler<never>;
  #queue: WorkQueue | undefined;

  constructor(options: RunnerOptions) {
    const { controller, services, ownership } = options;
    this.#options = options;
    this.#reconciler = new Reconciler(controller as unknown as Controller<never>, services, ownership);
    feed(controller, services.cache, ownership.ownerLabel, (key, priority) => {
      this.#add(key, priority);
    });
    services.cache.listen(controller.kind, ({ type, object }) => {
      if (type === 'deleted') services.memo.forget(object.metadata.uid);
    });
  }

  /** Reconciles everything, then whatever changes; resolves after `stop`, or the term's end, when all work has ended. */
  async lead(tenure: CallContext): Promise<void> {
    const { controller, clock, random, log, metrics, queueTelemetry, services } = this.#options;
    const queue = new WorkQueue({ clock, random, metrics: queueTelemetry.metricsOf(controller.name) });
    queueTelemetry.watch(controller.name, queue);
    this.#queue = queue;
    const stop = (): void => {
      queue.close();
    };
    tenure.signal.addEventListener('abort', stop, { once: true });
    feedAll(controller, services.cache, (key, priority) => {
      queue.add(key, priority);
    });
    const pool = new WorkerPool({ controller, reconciler: this.#reconciler, queue, clock, random, log, metrics });
    await pool.run(tenure);
    tenure.signal.removeEventListener('abort', stop);
    this.#queue = undefined;
  }

  /** Takes no further keys; those under way go on. */
  stop(): void {
    this.#queue?.close();
  }

  /** What hangs beyond all deadlines, if anything does. */
  hanging(): string | undefined {
    const { controller, clock } = this.#options;
    const now = clock.monotonic();
    const stuck = [...(this.#queue?.processing ?? [])].find(
      ([, since]) => now - since > controller.deadlineMs + hangMs,
    );
    return stuck && `${controller.name} ${stuck[0]} does not end`;
  }

  #add(key: string, priority: Priority): void {
    this.#queue?.add(key, priority);
  }
}
