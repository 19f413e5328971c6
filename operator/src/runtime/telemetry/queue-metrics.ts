import type { Gauge } from 'prom-client';
import type { Clock } from '../clock.ts';
import type { QueueMetrics } from '../queue/queue-metrics.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { MetricFactory } from './factory.ts';

const labels = ['name', 'controller'] as const;
const buckets = [0.000_01, 0.000_1, 0.001, 0.01, 0.1, 1, 10, 100, 1000];

/** workqueue_*: client-go's names. */
export interface QueueTelemetry {
  metricsOf(controller: string): QueueMetrics;
  /** Reads depth and work under way whenever the metrics are collected. */
  watch(controller: string, queue: WorkQueue): void;
}

export function createQueueTelemetry(factory: MetricFactory, clock: Clock): QueueTelemetry {
  const adds = factory.counter('workqueue_adds_total', 'Keys added', labels);
  const retries = factory.counter('workqueue_retries_total', 'Keys added after a failure', labels);
  const waited = factory.histogram('workqueue_queue_duration_seconds', 'Time a key waits', { labels, buckets });
  const worked = factory.histogram('workqueue_work_duration_seconds', 'Time a key takes', { labels, buckets });
  const queues = new Map<string, WorkQueue>();
  declareGauges(factory, clock, queues);
  return {
    metricsOf(controller) {
      const series = { name: controller, controller };
      return {
        added: () => {
          adds.inc(series);
        },
        started: (waitedMs) => {
          waited.observe(series, waitedMs / 1000);
        },
        finished: (workedMs) => {
          worked.observe(series, workedMs / 1000);
        },
        retried: () => {
          retries.inc(series);
        },
      };
    },
    watch(controller, queue) {
      queues.set(controller, queue);
    },
  };
}

function declareGauges(factory: MetricFactory, clock: Clock, queues: ReadonlyMap<string, WorkQueue>): void {
  const read = (value: (queue: WorkQueue) => number) => (gauge: Gauge<'name' | 'controller'>) => {
    for (const [controller, queue] of queues) gauge.set({ name: controller, controller }, value(queue));
  };
  const ages = (queue: WorkQueue): number[] =>
    [...queue.processing.values()].map((since) => (clock.monotonic() - since) / 1000);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  factory.gauge(
    'workqueue_depth',
    'Keys that wait',
    labels,
    read((queue) => queue.depth),
  );
  factory.gauge(
    'workqueue_unfinished_work_seconds',
    'Time spent on keys under way, summed',
    labels,
    read((queue) => sum(ages(queue))),
  );
  const longest = 'workqueue_longest_running_processor_seconds';
  factory.gauge(
    longest,
    'Time spent on the oldest key under way',
    labels,
    read((queue) => Math.max(0, ...ages(queue))),
  );
}
