import { createServiceDatabase } from '@genai-platform/common/testing';
import type { ServiceDatabase } from '@genai-platform/common/testing';

export type RouterDatabase = ServiceDatabase;

/** A database as the platform sets it up for the router. */
export function createRouterDatabase(): Promise<RouterDatabase> {
  return createServiceDatabase({ schema: 'llm_router', migrations: new URL('../../migrations', import.meta.url) });
}
