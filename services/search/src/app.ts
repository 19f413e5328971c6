import { createService, erasureRoutes } from '@genai-platform/common';
import type { Express } from 'express';
import type { Deps } from './deps.ts';
import { eraseDocuments } from './engine/erase-documents.ts';
import { documentRoutes } from './routes/documents.ts';
import { indexRoutes } from './routes/indexes.ts';
import { insightRoutes } from './routes/insight.ts';
import { searchRoutes } from './routes/search.ts';

/** Everything that the service does over HTTP. */
export function createApp(deps: Deps): Express {
  const { context, engine, indexer } = deps;
  const erasure = erasureRoutes({ documents: eraseDocuments({ db: engine.db, indexer }) });
  return createService({
    context,
    title: 'Search',
    description: 'Full-text search by BM25 in PostgreSQL, vectors, and both together.',
    routes: [indexRoutes(deps), documentRoutes(deps), searchRoutes(deps), insightRoutes(deps), erasure],
    ready: { database: (signal) => engine.db.ping(signal), vectors: () => engine.probe.capability() },
  });
}
