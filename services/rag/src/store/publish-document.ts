import type { Transaction } from '@genai-platform/common';
import type { Chunk } from '../domain/chunking/block.ts';
import type { Caller } from './caller.ts';
import type { CollectionRow, SpaceRow } from './collection-rows.ts';
import { insertVectors } from './space-rows.ts';
import { removeDocuments } from './remove-documents.ts';

const BATCH = 500;

/** A chunk with all that it is found by. */
export interface PreparedChunk extends Chunk {
  readonly text: string;
  readonly hash: Buffer;
  /** Absent where there is no model to embed with: it is found by its words. */
  readonly vector: ArrayLike<number> | undefined;
}

export interface PreparedDocument {
  readonly id: string;
  readonly text: string;
  readonly title: string;
  readonly contentHash: Buffer;
  readonly words: Buffer;
  readonly chunks: readonly PreparedChunk[];
  readonly space: SpaceRow | undefined;
}

/**
 * Makes a document findable, all at once. The caller holds the lock of the collection: documents become numbered in the
 * order in which others can see them. An older document of the same external id goes in the same moment.
 */
export async function publishDocument(
  tx: Transaction,
  caller: Caller,
  collection: CollectionRow,
  document: PreparedDocument,
): Promise<boolean> {
  const { chunks, id } = document;
  const numbers = await tx.row<{ document: string; chunk: string }>(
    `UPDATE collections SET generation = generation + 1, next_document = next_document + 1, next_chunk = next_chunk + $3,
       documents = documents + 1, chunks = chunks + $3, bytes = bytes + $4, last_active_at = now(),
       expires_at = now() + expire_after_days * interval '1 day'
     WHERE tenant = $1 AND collection_id = $2 RETURNING next_document - 1 AS document, next_chunk - $3 AS chunk`,
    [caller.tenant, collection.key, chunks.length, Buffer.byteLength(document.text)],
  );
  if (numbers === undefined) throw new Error('the collection is locked and gone');
  const published = await tx.row<{ external_id: string | null }>(
    `UPDATE documents SET status = 'completed', number = $3, text = $4, title = $5, content_hash = $6, words = $7, chunks = $8,
       updated_at = now() WHERE tenant = $1 AND id = $2 AND status = 'in_progress' RETURNING external_id`,
    [
      caller.tenant,
      id,
      numbers.document,
      document.text,
      document.title,
      document.contentHash,
      document.words,
      chunks.length,
    ],
  );
  // It was removed, or its job cancelled, while it was being read.
  if (published === undefined) return false;
  await insertChunks(tx, caller, collection, { ...document, firstChunk: Number(numbers.chunk) });
  if (published.external_id !== null) {
    const older = { externalId: published.external_id, except: id };
    await removeDocuments(tx, caller, collection.key, older);
  }
  return true;
}

async function insertChunks(
  tx: Transaction,
  caller: Caller,
  collection: CollectionRow,
  { id, chunks, space, firstChunk }: PreparedDocument & { firstChunk: number },
): Promise<void> {
  for (let from = 0; from < chunks.length; from += BATCH) {
    const some = chunks.slice(from, from + BATCH).map((chunk, i) => ({ ...chunk, ordinal: from + i }));
    await tx.query(
      `INSERT INTO chunks (collection_id, tenant, document_id, number, ordinal, start_at, end_at, context, text, hash)
       SELECT $1, $2, $3, * FROM unnest($4::bigint[], $5::int[], $6::int[], $7::int[], $8::text[], $9::text[], $10::bytea[])`,
      [
        collection.key,
        caller.tenant,
        id,
        some.map(({ ordinal }) => firstChunk + ordinal),
        some.map(({ ordinal }) => ordinal),
        some.map(({ start }) => start),
        some.map(({ end }) => end),
        some.map(({ context }) => context),
        some.map(({ text }) => text),
        some.map(({ hash }) => hash),
      ],
    );
    const vectors = some.flatMap(({ ordinal, vector }) =>
      vector === undefined ? [] : [{ number: firstChunk + ordinal, vector }],
    );
    if (space !== undefined && vectors.length > 0) await insertVectors(tx, caller, space, vectors);
  }
}
