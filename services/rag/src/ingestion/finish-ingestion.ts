import { AppError } from '@genai-platform/common';
import type { Postgres, Transaction } from '@genai-platform/common';
import type { RagConfig } from '../config.ts';
import { quotaExceeded } from '../errors.ts';
import type { Caller } from '../store/caller.ts';
import { lockCollection } from '../store/collection-rows.ts';
import type { CollectionRow, SpaceRow } from '../store/collection-rows.ts';
import type { DocumentRow } from '../store/document-rows.ts';
import { publishDocument } from '../store/publish-document.ts';
import { noteChanges } from '../store/remove-documents.ts';
import { createSpace } from '../store/space-rows.ts';
import type { ReadDocument } from './prepare-document.ts';

/** What became of a document. */
export interface IngestionResult {
  readonly document_id: string;
  /** `duplicate`: the same content is there already, as the document that is named. */
  readonly outcome: 'added' | 'duplicate' | 'removed';
  readonly chunks: number;
}

export interface Finished {
  readonly collection: CollectionRow;
  readonly document: DocumentRow;
  readonly read: ReadDocument;
  readonly model: string | undefined;
  readonly vectors: readonly ArrayLike<number>[];
}

interface Context {
  readonly db: Postgres;
  readonly config: RagConfig;
  readonly caller: Caller;
}

const TIMEOUT_MS = 120_000;

/** Makes a document that has been read and embedded findable, in one transaction. */
export async function finishIngestion(context: Context, finished: Finished): Promise<IngestionResult> {
  const { db, caller } = context;
  const { document, read } = finished;
  const options = { identity: caller, statementTimeoutMs: TIMEOUT_MS };
  return await db.withTransaction(options, async (tx) => {
    const collection = await lockCollection(tx, caller, finished.collection.key);
    const twin = await findTwin(tx, caller, collection, finished);
    if (twin !== undefined) return await takeTwin(tx, caller, twin, finished);
    refuseBeyondQuota(context, collection, read);
    const space = await spaceFor(tx, caller, collection, finished);
    const chunks = read.chunks.map((chunk, i) => ({ ...chunk, vector: finished.vectors[i] }));
    const prepared = { ...read, id: document.id, chunks, space };
    if (await publishDocument(tx, caller, collection, prepared)) {
      return { document_id: document.id, outcome: 'added' as const, chunks: chunks.length };
    }
    // Nothing of what this transaction has counted is to stay.
    throw new AppError('RAG_DOCUMENT_MISSING', {
      status: 404,
      detail: 'the document was removed while it was being read',
    });
  });
}

interface Twin {
  [column: string]: unknown;
  id: string;
  number: string;
  chunks: number;
}

/** A document of the same content for the same readers; the files of a vector store are kept apart by their ids. */
async function findTwin(
  tx: Transaction,
  caller: Caller,
  collection: CollectionRow,
  { document, read }: Finished,
): Promise<Twin | undefined> {
  if (document.fileId !== null) return undefined;
  return await tx.row<Twin>(
    `SELECT id, number, chunks FROM documents WHERE tenant = $1 AND collection_id = $2 AND content_hash = $3
       AND number IS NOT NULL AND file_id IS NULL AND acl @> $4 AND acl <@ $4 AND external_id IS NOT DISTINCT FROM $5 LIMIT 1`,
    [caller.tenant, collection.key, read.contentHash, document.acl, document.externalId],
  );
}

/** What is new of it are its metadata. */
async function takeTwin(
  tx: Transaction,
  caller: Caller,
  twin: Twin,
  { collection, document }: Finished,
): Promise<IngestionResult> {
  await tx.query('DELETE FROM documents WHERE tenant = $1 AND id = $2', [caller.tenant, document.id]);
  if (Object.keys(document.metadata).length > 0) {
    await tx.query('UPDATE documents SET metadata = $3, updated_at = now() WHERE tenant = $1 AND id = $2', [
      caller.tenant,
      twin.id,
      JSON.stringify(document.metadata),
    ]);
    await noteChanges(tx, caller, collection.key, { kind: 'changed', documents: [twin.number] });
  }
  return { document_id: twin.id, outcome: 'duplicate', chunks: twin.chunks };
}

function refuseBeyondQuota({ config }: Context, collection: CollectionRow, { chunks }: ReadDocument): void {
  if (collection.documents >= config.RAG_MAX_DOCUMENTS_PER_COLLECTION) {
    throw quotaExceeded(`a collection holds at most ${config.RAG_MAX_DOCUMENTS_PER_COLLECTION} documents`);
  }
  if (collection.chunks + chunks.length <= config.RAG_MAX_CHUNKS_PER_COLLECTION) return;
  throw quotaExceeded(
    `a collection holds at most ${config.RAG_MAX_CHUNKS_PER_COLLECTION} chunks: there are ${collection.chunks}, and the document has ${chunks.length}`,
  );
}

/** Where the vectors belong. The first document of a collection makes the place. */
async function spaceFor(
  tx: Transaction,
  caller: Caller,
  { key, space }: CollectionRow,
  { model, vectors, collection }: Finished,
): Promise<SpaceRow | undefined> {
  const [first] = vectors;
  if (model === undefined || first === undefined) return undefined;
  const dimensions = first.length;
  if (space === undefined) {
    const created = await createSpace(tx, caller, key, { model, dimensions });
    await tx.query('UPDATE collections SET space_id = $3 WHERE tenant = $1 AND collection_id = $2', [
      caller.tenant,
      key,
      created.key,
    ]);
    return created;
  }
  const sameAsRead = collection.space === undefined || collection.space.key === space.key;
  if (sameAsRead && space.model === model && space.dimensions === dimensions) return space;
  // Embedded anew meanwhile: the next attempt takes the new model.
  throw new AppError('RAG_MODEL_CHANGED', {
    status: 503,
    detail: `the collection has vectors of ${space.dimensions} dimensions by ${space.model}, and the document got ${dimensions} by ${model}`,
    retryAfterSeconds: 1,
  });
}
