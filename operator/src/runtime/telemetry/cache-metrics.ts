import type { Cache } from '../cache/cache.ts';
import { kindText } from '../resource-kind.ts';
import type { MetricFactory } from './factory.ts';

/** How much is cached and how old the view is, read whenever the metrics are collected. */
export function watchCache(factory: MetricFactory, cache: Cache): void {
  factory.gauge('cache_objects', 'Objects held in memory', ['kind'], (gauge) => {
    for (const kind of cache.kinds()) gauge.set({ kind: kindText(kind) }, cache.store(kind).size);
  });
  factory.gauge('cache_staleness_seconds', 'Time since the API server last said anything', ['kind'], (gauge) => {
    for (const kind of cache.kinds()) {
      const ages = cache.reflectors(kind).map(({ stalenessMs }) => stalenessMs);
      gauge.set({ kind: kindText(kind) }, Math.max(0, ...ages) / 1000);
    }
  });
}
