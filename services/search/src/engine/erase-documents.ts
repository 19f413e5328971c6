import type { Eraser } from '@genai-platform/common';
import type { EngineParts } from './engine-parts.ts';
import type { Indexer } from './indexer.ts';

/** So many are removed at once; the next look finds the rest. */
const BATCH = 500;

const PRIVATE = `
  SELECT i.name, d.id FROM documents d JOIN indexes i ON i.index_id = d.index_id
  WHERE d.tenant = $1 AND d.acl = ARRAY[$2]::text[] ORDER BY i.name LIMIT ${BATCH}`;

/**
 * Erases the documents that only this user could see. What is shared with others is theirs too, and stays; their lists
 * name the user by id alone.
 */
export const eraseDocuments =
  ({ db, indexer }: { db: EngineParts['db']; indexer: Indexer }): Eraser =>
  async (user, signal) => {
    for (let erased = 0; ;) {
      const values = [user.tenant, `user:${user.subject}`];
      const found = await db.rows<{ name: string; id: string }>({ identity: user, signal }, PRIVATE, values);
      const [first] = found;
      if (first === undefined) return erased;
      const ids = found.filter(({ name }) => name === first.name).map(({ id }) => id);
      erased += (await indexer.delete(user, first.name, ids)).size;
    }
  };
