import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '@genai-platform/common';
import type { IndexSettings } from '../domain/settings.ts';
import { frozenChanges } from '../domain/settings-change.ts';
import { indexMissing, reindexNeeded } from '../errors.ts';
import type { Caller } from '../store/caller.ts';
import { deleteIndex, insertIndex, lockIndex, updateIndex } from '../store/index-rows.ts';
import type { IndexRow, VectorEngine } from '../store/index-rows.ts';
import { OPERATOR_CLASSES } from '../store/pgvector-store.ts';
import { vectorEngine } from '../store/vector-capability.ts';
import type { EngineParts } from './engine-parts.ts';

/** What a caller demands of the present index before it is changed; gets undefined where there is none. */
export type Precondition = (index: IndexRow | undefined) => void;

export interface PutResult {
  readonly index: IndexRow;
  readonly created: boolean;
}

/** Deleting an index removes all its rows in one transaction. */
const DELETE_TIMEOUT_MS = 120_000;

/**
 * Makes an index or changes its settings; the same settings again change nothing.
 *
 * @throws AppError 409 where documents were indexed by settings that would change
 */
export async function putIndex(
  parts: EngineParts,
  caller: Caller,
  { name, settings, precondition }: { name: string; settings: IndexSettings; precondition: Precondition },
): Promise<PutResult> {
  const engine = settings.vector && vectorEngine(settings.vector, await parts.probe.capability());
  for (;;) {
    const result = await parts.db.withTransaction({ identity: caller, retries: 3 }, async (tx) => {
      const present = await lockIndex(tx, caller, name);
      precondition(present);
      if (present) return { index: await change(tx, caller, { present, settings, engine }), created: false };
      const index = await insertIndex(tx, caller, { name, settings, engine });
      if (index) await createVectorTable(tx, index);
      return index && { index, created: true };
    });
    // Undefined where somebody made the index between the look and the insert: look again.
    if (result) return result;
  }
}

/** Removes an index with all its documents. @throws AppError 404 */
export async function removeIndex(
  { db, snapshots }: EngineParts,
  caller: Caller,
  { name, precondition }: { name: string; precondition: Precondition },
): Promise<void> {
  await db.withTransaction({ identity: caller, statementTimeoutMs: DELETE_TIMEOUT_MS }, async (tx) => {
    const index = await lockIndex(tx, caller, name);
    precondition(index);
    if (!index) throw indexMissing(name);
    await deleteIndex(tx, caller, index);
  });
  snapshots.forget(caller, name);
}

async function change(
  tx: Transaction,
  caller: Caller,
  { present, settings, engine }: { present: IndexRow; settings: IndexSettings; engine: VectorEngine | undefined },
): Promise<IndexRow> {
  if (isDeepStrictEqual(present.settings, settings)) return present;
  const frozen = present.numbers === 0 ? [] : frozenChanges(present.settings, settings);
  if (frozen.length > 0) throw reindexNeeded(frozen);
  const sameVectors = isDeepStrictEqual(present.settings.vector, settings.vector);
  if (sameVectors)
    return await updateIndex(tx, caller, { indexId: present.indexId, settings, engine: present.vectorEngine });
  if (present.vectorEngine) await tx.query('SELECT drop_vector_table($1)', [present.indexId]);
  const index = await updateIndex(tx, caller, { indexId: present.indexId, settings, engine });
  await createVectorTable(tx, index);
  return index;
}

async function createVectorTable(
  tx: Transaction,
  { indexId, settings: { vector }, vectorEngine: engine }: IndexRow,
): Promise<void> {
  if (!vector || !engine) return;
  const operatorClass = OPERATOR_CLASSES[vector.metric];
  await tx.query('SELECT create_vector_table($1, $2, $3, $4)', [indexId, engine, vector.dimensions, operatorClass]);
}
