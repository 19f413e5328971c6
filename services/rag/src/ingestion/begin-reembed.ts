import type { Identity, Job, Jobs, Postgres } from '@genai-platform/common';
import { reembedRunning } from '../errors.ts';
import { lockCollection } from '../store/collection-rows.ts';
import type { CollectionRow } from '../store/collection-rows.ts';
import { REEMBED } from './reembed-job.ts';

/**
 * Begins to embed a collection anew. Of two that are asked for at the same time the second one waits for the lock, and
 * finds the first.
 *
 * @throws AppError 409 while the collection is being embedded anew already
 */
export async function beginReembed(
  { db, jobs }: { db: Postgres; jobs: Jobs },
  identity: Identity,
  { key, id }: CollectionRow,
  model: string,
): Promise<Job> {
  const job = await db.withTransaction({ identity }, async (tx) => {
    await lockCollection(tx, identity, key);
    const running = await tx.row<{ id: string; model: string }>(
      `SELECT id, input->>'model' AS model FROM jobs
        WHERE tenant = $1 AND due_at IS NOT NULL AND kind = $2 AND input->>'collection_id' = $3 LIMIT 1`,
      [identity.tenant, REEMBED, id],
    );
    if (running !== undefined) throw reembedRunning(running.id, running.model);
    return await jobs.add({ kind: REEMBED, input: { collection_id: id, model } }, identity, tx);
  });
  jobs.wake();
  return job;
}
