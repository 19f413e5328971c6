import type { Postgres } from '@genai-platform/common';
import type { Caller } from './caller.ts';

/** Writes down that a collection is searched. What nobody has searched for a week goes. */
export async function noteSearched(db: Postgres, caller: Caller, key: string): Promise<void> {
  await db.withTransaction({ identity: caller }, async (tx) => {
    await tx.query(
      `INSERT INTO recent_collections (collection_id, tenant) SELECT collection_id, tenant FROM collections
        WHERE tenant = $1 AND collection_id = $2
       ON CONFLICT (collection_id) DO UPDATE SET searched_at = now()`,
      [caller.tenant, key],
    );
    await tx.query("DELETE FROM recent_collections WHERE searched_at < now() - interval '7 days'");
  });
}

/** Those that were searched last, latest first, of all tenants. */
export async function lastSearched(db: Postgres, limit: number): Promise<{ tenant: string; key: string }[]> {
  const sql = 'SELECT tenant, collection_id AS key FROM recent_collections ORDER BY searched_at DESC LIMIT $1';
  return await db.rows<{ tenant: string; key: string }>({ readOnly: true }, sql, [limit]);
}
