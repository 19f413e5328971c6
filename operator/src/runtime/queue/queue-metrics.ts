/** What a queue reports; the names under which it appears are the metrics' business. */
export interface QueueMetrics {
  added(): void;
  started(waitedMs: number): void;
  finished(workedMs: number): void;
  retried(): void;
}
