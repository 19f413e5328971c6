import { createServiceDatabase } from '@genai-platform/common/testing';
import type { ServiceDatabase, ServiceDatabaseOptions } from '@genai-platform/common/testing';

export type SearchDatabase = ServiceDatabase;

/** A database as the platform sets it up for search. */
export function createSearchDatabase(
  options: Pick<ServiceDatabaseOptions, 'server' | 'vector'> = {},
): Promise<SearchDatabase> {
  const migrations = new URL('../../migrations', import.meta.url);
  return createServiceDatabase({ schema: 'search', migrations, ...options });
}
