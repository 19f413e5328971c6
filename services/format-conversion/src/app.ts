import { createService, eraseIdempotencyKeys, eraseJobs, erasureRoutes } from '@genai-platform/common';
import type { Express } from 'express';
import type { Deps } from './deps.ts';
import { batchRoutes } from './routes/batch.ts';
import { convertRoutes } from './routes/convert.ts';
import { detectRoutes } from './routes/detect.ts';
import { formatRoutes } from './routes/formats.ts';
import { resultRoutes } from './routes/results.ts';

/** Everything that the service does over HTTP. */
export function createApp(deps: Deps): Express {
  const { context, database, idempotency, jobs } = deps;
  return createService({
    context,
    title: 'Format conversion',
    description: 'Documents from one format into another, with a word about everything that was lost.',
    routes: [
      formatRoutes(),
      detectRoutes(deps),
      convertRoutes(deps),
      batchRoutes(deps),
      resultRoutes(deps),
      jobs.routes(),
      // Reports go with their jobs.
      erasureRoutes({ jobs: eraseJobs(database), idempotency_keys: eraseIdempotencyKeys(database) }),
    ],
    ready: { database: (signal) => database.ping(signal) },
    idempotency,
  });
}
