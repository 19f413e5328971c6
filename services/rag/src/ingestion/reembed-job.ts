import { jobKind, systemClock } from '@genai-platform/common';
import type { JobKind, JobRun, Postgres, Transaction } from '@genai-platform/common';
import { z } from 'zod';
import type { Embedder } from '../platform/embedder.ts';
import type { Caller } from '../store/caller.ts';
import { getCollection, lockCollection, updateCollection } from '../store/collection-rows.ts';
import type { CollectionRow, SpaceRow } from '../store/collection-rows.ts';
import { createGraph, createSpace, dropSpace, insertVectors, missingChunks, spacesOf } from '../store/space-rows.ts';
import type { MissingChunk } from '../store/space-rows.ts';
import { embeddedText } from './prepare-document.ts';

export const REEMBED = 'reembed';

export const ReembedInput = z.object({ collection_id: z.string(), model: z.string() });

export interface ReembedParts {
  readonly db: Postgres;
  readonly embedder: Embedder;
}

/** What became of a collection. */
interface ReembedResult {
  readonly collection_id: string;
  readonly model: string;
  readonly dimensions: number | null;
  readonly embedded: number;
}

const BATCH = 64;
const GRAPH_TIMEOUT_MS = 3_600_000;
/** Queries that have read which vectors to search may still be on their way to the old ones. */
const LINGER_MS = 5_000;

/**
 * Embeds a collection anew. New vectors are filled in beside the old ones, which are searched meanwhile; the collection
 * changes over in one moment, when none is missing. What has been embedded stays: another process goes on from there.
 */
export function reembedJob(parts: ReembedParts): JobKind {
  return jobKind(ReembedInput, async (run) => {
    const { input, identity } = run;
    const collection = await getCollection(parts.db, identity, input.collection_id);
    await dropOthers(parts.db, identity, collection, input.model);
    if (collection.space?.model === input.model) return resultOf(collection, 0);
    const embedded = await fill(parts, run, collection);
    await systemClock.sleep(LINGER_MS, run.signal);
    const now = await getCollection(parts.db, identity, input.collection_id);
    await dropOthers(parts.db, identity, now, input.model);
    return resultOf(now, embedded);
  });
}

function resultOf({ id, settings, space }: CollectionRow, embedded: number): ReembedResult {
  return { collection_id: id, model: settings.embedding_model, dimensions: space?.dimensions ?? null, embedded };
}

/** Removes vectors that nobody searches, and that nobody is filling in for this model. */
async function dropOthers(db: Postgres, caller: Caller, { key }: CollectionRow, model: string): Promise<void> {
  await db.withTransaction({ identity: caller }, async (tx) => {
    const { space } = await lockCollection(tx, caller, key);
    for (const other of await spacesOf(tx, caller, key)) {
      if (other.key !== space?.key && other.model !== model) await dropSpace(tx, caller, other.key);
    }
  });
}

async function fill(
  { db, embedder }: ReembedParts,
  run: JobRun<z.output<typeof ReembedInput>>,
  collection: CollectionRow,
): Promise<number> {
  const { input, identity, signal, progress } = run;
  const { model } = input;
  let embedded = 0;
  for (;;) {
    signal.throwIfAborted();
    const { space, chunks } = await nextChunks(db, identity, collection, model);
    if (chunks.length === 0) {
      if (await changeOver(db, identity, { collection, space, model })) return embedded;
      continue;
    }
    const vectors = await embedder.passages(identity, chunks.map(embeddedText), { model, signal });
    const fresh = chunks.map(({ number }, i) => ({ number, vector: vectors[i] as Float32Array }));
    await db.withTransaction({ identity }, async (tx) => {
      await lockCollection(tx, identity, collection.key);
      const dimensions = vectors[0]?.length ?? 0;
      const target = space ?? (await createSpace(tx, identity, collection.key, { model, dimensions, graph: false }));
      await insertVectors(tx, identity, target, await stillThere(tx, identity, collection.key, fresh));
    });
    embedded += chunks.length;
    progress(Math.min(0.99, embedded / Math.max(1, collection.chunks)));
  }
}

async function nextChunks(
  db: Postgres,
  caller: Caller,
  { key }: CollectionRow,
  model: string,
): Promise<{ space: SpaceRow | undefined; chunks: MissingChunk[] }> {
  return await db.withTransaction({ identity: caller, readOnly: true }, async (tx) => {
    const space = (await spacesOf(tx, caller, key)).find((candidate) => candidate.model === model);
    return { space, chunks: await missingChunks(tx, caller, { collection: key, space, limit: BATCH }) };
  });
}

/** Chunks that were removed while they were embedded must not leave a vector behind. */
async function stillThere<T extends { number: number }>(
  tx: Transaction,
  caller: Caller,
  collection: string,
  all: readonly T[],
): Promise<T[]> {
  const sql = 'SELECT number FROM chunks WHERE tenant = $1 AND collection_id = $2 AND number = ANY($3::bigint[])';
  const rows = await tx.rows<{ number: string }>(sql, [caller.tenant, collection, all.map(({ number }) => number)]);
  const known = new Set(rows.map(({ number }) => Number(number)));
  return all.filter(({ number }) => known.has(number));
}

/** From here on the new vectors are searched. @returns false where some are missing again */
async function changeOver(
  db: Postgres,
  caller: Caller,
  { collection, space, model }: { collection: CollectionRow; space: SpaceRow | undefined; model: string },
): Promise<boolean> {
  const options = { identity: caller, statementTimeoutMs: GRAPH_TIMEOUT_MS };
  if (space !== undefined) await db.withTransaction(options, (tx) => createGraph(tx, space));
  return await db.withTransaction({ identity: caller }, async (tx) => {
    const { key, settings } = await lockCollection(tx, caller, collection.key);
    const missing = await missingChunks(tx, caller, { collection: key, space, limit: 1 });
    if (missing.length > 0) return false;
    await updateCollection(tx, caller, key, { settings: { ...settings, embedding_model: model } });
    if (space !== undefined) {
      await tx.query('UPDATE collections SET space_id = $3 WHERE tenant = $1 AND collection_id = $2', [
        caller.tenant,
        key,
        space.key,
      ]);
    }
    return true;
  });
}
