import { Postgres } from '@genai-platform/common';
import type { ServiceContext } from '@genai-platform/common';
import { BulkThread } from './bulk/bulk-thread.ts';
import { PartCache } from './domain/segment/part-cache.ts';
import type { SearchConfig } from './config.ts';
import type { EngineParts } from './engine/engine-parts.ts';
import { Indexer } from './engine/indexer.ts';
import { Merger } from './engine/merger.ts';
import { Views } from './engine/search-context.ts';
import { Searcher } from './engine/searcher.ts';
import { Snapshots } from './engine/snapshots.ts';
import { ChunkSource } from './store/chunk-source.ts';
import { ExactVectorStore } from './store/exact-vector-store.ts';
import { PgvectorStore } from './store/pgvector-store.ts';
import { VectorProbe } from './store/vector-capability.ts';

/** What the routes work with. */
export interface Deps {
  readonly context: ServiceContext;
  readonly config: SearchConfig;
  readonly engine: EngineParts;
  readonly searcher: Searcher;
  readonly indexer: Indexer;
}

/** Opens the database and puts the engine together. */
export function createDeps(config: SearchConfig, context: ServiceContext): Deps {
  const { log, metrics, lifecycle } = context;
  const db = new Postgres({ config, log, name: 'search', metrics });
  lifecycle.onClose('database', () => db.close());
  const source = new ChunkSource(db, config.SEARCH_CACHE_BYTES);
  const cache = new PartCache(source, config.SEARCH_CACHE_BYTES);
  const snapshots = new Snapshots(db, source);
  const merger = new Merger({ db, snapshots, source, log });
  // Merging ends before the database is closed: what was registered last is closed first.
  lifecycle.onClose('merging', () => merger.idle());
  const thread = new BulkThread();
  lifecycle.onClose('bulk thread', () => thread.close());
  const probe = new VectorProbe(db, log);
  const vectors = { hnsw: new PgvectorStore(db), exact: new ExactVectorStore(db, config.SEARCH_CACHE_BYTES) };
  const engine: EngineParts = { db, log, snapshots, cache, merger, vectors, probe, views: new Views(cache) };
  metrics.gauge({
    name: 'cache_bytes',
    help: 'Bytes of segment parts and posting lists held in memory',
    labels: ['kind'],
    collect: (gauge) => {
      gauge.set({ kind: 'parts' }, cache.bytes);
      gauge.set({ kind: 'postings' }, source.bytes);
    },
  });
  return { context, config, engine, searcher: new Searcher(engine), indexer: new Indexer({ ...engine, thread }) };
}
