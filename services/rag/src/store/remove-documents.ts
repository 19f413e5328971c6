import type { Transaction } from '@genai-platform/common';
import type { Caller } from './caller.ts';
import { deleteVectors, spacesOf } from './space-rows.ts';

/** Which documents of a collection go. */
export type RemovedDocuments =
  | { readonly ids: readonly string[] }
  | { readonly externalId: string; readonly except: string }
  /** Those that this principal alone may see. */
  | { readonly onlyFor: string };

interface Removed {
  [column: string]: unknown;
  id: string;
  number: string | null;
  bytes: string;
  job_id: string | null;
}

/**
 * Removes documents with their chunks, words and vectors. Whoever asks after the transaction does not find them: each
 * process learns of it by the generation before it answers. Needs the lock of the collection.
 *
 * @returns the ids of what went, and of the jobs that may still work on it
 */
export async function removeDocuments(
  tx: Transaction,
  caller: Caller,
  collection: string,
  which: RemovedDocuments,
): Promise<{ id: string; jobId: string | null }[]> {
  const [condition, ...values] = conditionOf(which);
  const gone = await tx.rows<Removed>(
    `DELETE FROM documents WHERE tenant = $1 AND collection_id = $2 AND ${condition}
     RETURNING id, number, job_id, coalesce(octet_length(text), 0) AS bytes`,
    [caller.tenant, collection, ...values],
  );
  const found = gone.filter(({ number }) => number !== null);
  if (found.length > 0) await removeTraces(tx, caller, collection, found);
  return gone.map(({ id, job_id: jobId }) => ({ id, jobId }));
}

function conditionOf(which: RemovedDocuments): [string, ...unknown[]] {
  if ('ids' in which) return ['id = ANY($3)', which.ids];
  if ('onlyFor' in which) return ['acl = ARRAY[$3]::text[]', which.onlyFor];
  return ['external_id = $3 AND id <> $4', which.externalId, which.except];
}

async function removeTraces(
  tx: Transaction,
  caller: Caller,
  collection: string,
  gone: readonly Removed[],
): Promise<void> {
  const ids = gone.map(({ id }) => id);
  const ranges = await tx.rows<{ first: string; last: string; count: number }>(
    `WITH gone AS (DELETE FROM chunks WHERE tenant = $1 AND document_id = ANY($2) RETURNING number, document_id)
     SELECT min(number) AS first, max(number) AS last, count(*)::int AS count FROM gone GROUP BY document_id`,
    [caller.tenant, ids],
  );
  for (const space of await spacesOf(tx, caller, collection)) {
    for (const { first, last } of ranges) {
      await deleteVectors(tx, caller, space, { from: Number(first), to: Number(last) + 1 });
    }
  }
  const chunks = ranges.reduce((sum, { count }) => sum + count, 0);
  const bytes = gone.reduce((sum, row) => sum + Number(row.bytes), 0);
  await noteChanges(tx, caller, collection, {
    kind: 'removed',
    documents: gone.map(({ number }) => number as string),
    counts: `, documents = documents - ${gone.length}, chunks = chunks - ${chunks}, bytes = greatest(0, bytes - ${bytes})`,
  });
}

/** Moves the generation, and writes down what has happened to which documents. Old notes go: nobody reads them. */
export async function noteChanges(
  tx: Transaction,
  caller: Caller,
  collection: string,
  { kind, documents, counts = '' }: { kind: 'removed' | 'changed'; documents: readonly string[]; counts?: string },
): Promise<void> {
  await tx.query(
    `WITH moved AS (
       UPDATE collections SET generation = generation + 1${counts} WHERE tenant = $1 AND collection_id = $2 RETURNING generation)
     INSERT INTO changes (collection_id, generation, tenant, document, kind)
     SELECT $2, generation, $1, document, $4 FROM moved, unnest($3::bigint[]) AS document`,
    [caller.tenant, collection, documents, kind],
  );
  await tx.query(`DELETE FROM changes WHERE tenant = $1 AND collection_id = $2 AND at < now() - interval '1 day'`, [
    caller.tenant,
    collection,
  ]);
}
