import { createService, eraseIdempotencyKeys, eraseJobs, erasureRoutes } from '@genai-platform/common';
import type { Express } from 'express';
import type { Deps } from './deps.ts';
import { answerRoutes } from './routes/answers.ts';
import { collectionRoutes } from './routes/collections.ts';
import { documentRoutes } from './routes/documents.ts';
import { evaluateRoutes } from './routes/evaluate.ts';
import { fileBatchRoutes } from './routes/file-batches.ts';
import { fileRoutes } from './routes/files.ts';
import { retrieveRoutes } from './routes/retrieve.ts';
import { vectorStoreFileRoutes } from './routes/vector-store-files.ts';
import { vectorStoreRoutes } from './routes/vector-stores.ts';
import { eraseAnswers, eraseDocuments, eraseFiles } from './erase.ts';

/** Everything that the service does over HTTP. */
export function createApp(deps: Deps): Express {
  const { context, db, idempotency, jobs } = deps;
  return createService({
    context,
    title: 'RAG',
    description: 'Documents in, passages and answers with citations out.',
    routes: [
      collectionRoutes(deps),
      documentRoutes(deps),
      retrieveRoutes(deps),
      answerRoutes(deps),
      evaluateRoutes(deps),
      fileRoutes(deps),
      vectorStoreRoutes(deps),
      vectorStoreFileRoutes(deps),
      fileBatchRoutes(deps),
      jobs.routes(),
      erasureRoutes({
        documents: eraseDocuments(db),
        files: eraseFiles(db),
        answers: eraseAnswers(db),
        jobs: eraseJobs(db),
        idempotency_keys: eraseIdempotencyKeys(db),
      }),
    ],
    ready: { database: (signal) => db.ping(signal) },
    idempotency,
  });
}
