import type { Postgres, Transaction } from '@genai-platform/common';
import type { RagConfig } from './config.ts';
import { quotaExceeded } from './errors.ts';
import type { Caller } from './store/caller.ts';
import { insertCollection, lockCollection } from './store/collection-rows.ts';
import type { CollectionRow, NewCollection } from './store/collection-rows.ts';
import { dropSpace, spacesOf } from './store/space-rows.ts';

/** Makes a collection, within the tenant's bounds. @throws AppError 409 */
export async function createCollection(
  db: Postgres,
  config: RagConfig,
  caller: Caller,
  given: NewCollection,
): Promise<CollectionRow> {
  return await db.withTransaction({ identity: caller }, async (tx) => {
    const sql = 'SELECT count(*)::int AS count FROM collections WHERE tenant = $1';
    const count = (await tx.row<{ count: number }>(sql, [caller.tenant]))?.count ?? 0;
    const most = config.RAG_MAX_COLLECTIONS_PER_TENANT;
    if (count >= most) throw quotaExceeded(`there are ${most} collections already`);
    return await insertCollection(tx, caller, given);
  });
}

const TIMEOUT_MS = 300_000;

/** Removes a collection with everything in it. @param check refuses by throwing, while nobody else changes it */
export async function removeCollection(
  db: Postgres,
  caller: Caller,
  key: string,
  check: (collection: CollectionRow) => void,
): Promise<void> {
  await db.withTransaction({ identity: caller, statementTimeoutMs: TIMEOUT_MS }, async (tx) => {
    check(await lockCollection(tx, caller, key));
    await emptyCollection(tx, caller, key);
    await tx.query('DELETE FROM collections WHERE tenant = $1 AND collection_id = $2', [caller.tenant, key]);
  });
}

async function emptyCollection(tx: Transaction, caller: Caller, key: string): Promise<void> {
  await tx.query(
    `UPDATE jobs SET cancel_requested = true WHERE due_at IS NOT NULL AND tenant = $1
       AND id IN (SELECT job_id FROM documents WHERE tenant = $1 AND collection_id = $2 AND status = 'in_progress')`,
    [caller.tenant, key],
  );
  for (const { key: space } of await spacesOf(tx, caller, key)) await dropSpace(tx, caller, space);
  for (const table of ['changes', 'chunks', 'documents', 'file_batches', 'recent_collections']) {
    await tx.query(`DELETE FROM ${table} WHERE tenant = $1 AND collection_id = $2`, [caller.tenant, key]);
  }
}
