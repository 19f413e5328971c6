import { idempotencyTables, jobTables } from '@genai-platform/common';
import { createServiceDatabase } from '@genai-platform/common/testing';
import type { ServiceDatabase, TestPostgres } from '@genai-platform/common/testing';

export type RagDatabase = ServiceDatabase;

/**
 * A database as the platform sets it up for RAG.
 *
 * @param server where, if not on the server that all tests share
 */
export function createRagDatabase(server?: TestPostgres): Promise<RagDatabase> {
  return createServiceDatabase({
    schema: 'rag',
    migrations: new URL('../../migrations', import.meta.url),
    included: [idempotencyTables, jobTables],
    ...(server && { server }),
  });
}
