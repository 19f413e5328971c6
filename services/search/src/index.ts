export { createApp } from './app.ts';
export { SearchConfig } from './config.ts';
export { createDeps } from './deps.ts';
export type { Deps } from './deps.ts';
export { meanMetrics, retrievalMetrics } from './domain/results/retrieval-metrics.ts';
