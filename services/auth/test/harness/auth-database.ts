import { createServiceDatabase } from '@genai-platform/common/testing';
import type { ServiceDatabase } from '@genai-platform/common/testing';

export type AuthDatabase = ServiceDatabase;

/** A database as the platform sets it up for auth. */
export function createAuthDatabase(): Promise<AuthDatabase> {
  const migrations = new URL('../../migrations', import.meta.url);
  return createServiceDatabase({ schema: 'auth', migrations, vector: false });
}
