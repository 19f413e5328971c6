import type { Transaction } from '@genai-platform/common';
import type { IndexSettings } from '../domain/settings.ts';
import type { Caller } from './caller.ts';
import type { VectorEngine } from './index-rows.ts';

/** What a writer of documents needs to know of the index that it holds. */
export interface LockedIndex {
  readonly indexId: string;
  readonly settings: IndexSettings;
  readonly revision: number;
  /** The generation that this transaction makes. */
  readonly generation: number;
  readonly nextNumber: number;
  readonly vectorEngine: VectorEngine | undefined;
}

interface Row {
  index_id: string;
  settings: IndexSettings;
  revision: string;
  generation: string;
  next_number: string;
  vector_engine: VectorEngine | null;
}

/**
 * Takes the index for writing: one writer at a time, in whatever process, for as long as its rows take to be written
 * (analysis comes before). Moves the generation, by which every reader notices.
 */
export async function lockForWriting(tx: Transaction, caller: Caller, name: string): Promise<LockedIndex | undefined> {
  const row = await tx.row<Row>(
    `UPDATE indexes SET generation = generation + 1 WHERE tenant = $1 AND name = $2
     RETURNING index_id, settings, revision, generation, next_number, vector_engine`,
    [caller.tenant, name],
  );
  return (
    row && {
      indexId: row.index_id,
      settings: row.settings,
      revision: Number(row.revision),
      generation: Number(row.generation),
      nextNumber: Number(row.next_number),
      vectorEngine: row.vector_engine ?? undefined,
    }
  );
}

/** Counts what was written: numbers used, and documents more or less than before. */
export async function recordWrite(
  tx: Transaction,
  caller: Caller,
  { indexId, numbers, documents }: { indexId: string; numbers: number; documents: number },
): Promise<void> {
  await tx.query(
    `UPDATE indexes SET next_number = next_number + $3, documents = documents + $4, updated_at = now()
      WHERE tenant = $1 AND index_id = $2`,
    [caller.tenant, indexId, numbers, documents],
  );
}

/** Claims the merging of an index for a minute, so that pods do not do the same work; false where another has it. */
export async function claimMerge(tx: Transaction, caller: Caller, name: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE indexes SET merging_until = now() + interval '60 seconds'
      WHERE tenant = $1 AND name = $2 AND (merging_until IS NULL OR merging_until < now())`,
    [caller.tenant, name],
  );
  return rowCount === 1;
}

export async function releaseMerge(tx: Transaction, caller: Caller, name: string): Promise<void> {
  await tx.query('UPDATE indexes SET merging_until = NULL WHERE tenant = $1 AND name = $2', [caller.tenant, name]);
}
