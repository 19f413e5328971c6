import { cachedRoot, type CachedRoot } from '../debian/cached-root.ts';
import { postgresRecipe, valkeyRecipe } from './recipes.ts';

/** PostgreSQL with pgvector for tests and development; the image is made of the same. */
export function postgresRoot(say: (what: string) => void): Promise<CachedRoot> {
  return cachedRoot('postgres', postgresRecipe, say);
}

/** Valkey for tests and development; the image is made of the same. */
export function valkeyRoot(say: (what: string) => void): Promise<CachedRoot> {
  return cachedRoot('valkey', valkeyRecipe, say);
}
