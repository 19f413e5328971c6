import type { Postgres } from '@genai-platform/common';
import type { IndexedDocument, Metadata } from '../domain/lexical/indexed-document.ts';
import type { Caller } from './caller.ts';

/** Documents, and bytes of words, that are read at once. */
const BATCH = 2_000;
const BATCH_BYTES = 4 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

interface DocumentRow {
  [column: string]: unknown;
  id: string;
  number: string;
  first_chunk: string | null;
  words: Buffer;
  metadata: Metadata;
  acl: string[];
}

export interface DocumentBatch {
  readonly documents: readonly IndexedDocument[];
  /** Whether these were all. */
  readonly complete: boolean;
}

/** The next documents of a collection after the one of number `after`, in their order. */
export async function documentsAfter(
  db: Postgres,
  caller: Caller,
  collection: string,
  after: number,
): Promise<DocumentBatch> {
  const rows = await db.rows<DocumentRow>(
    { identity: caller, readOnly: true, statementTimeoutMs: TIMEOUT_MS },
    `SELECT d.id, d.number, d.words, d.metadata, d.acl, c.number AS first_chunk FROM (
       SELECT id, number, words, metadata, acl, sum(octet_length(words)) OVER (ORDER BY number) - octet_length(words) AS before
         FROM documents WHERE tenant = $1 AND collection_id = $2 AND number > $3 ORDER BY number LIMIT ${BATCH}) d
       LEFT JOIN chunks c ON c.tenant = $1 AND c.document_id = d.id AND c.ordinal = 0
      WHERE d.before < ${BATCH_BYTES} ORDER BY d.number`,
    [caller.tenant, collection, after],
  );
  const bytes = rows.reduce((sum, { words }) => sum + words.length, 0);
  const documents = rows.map(({ first_chunk: first, number, ...row }) => ({
    ...row,
    number: Number(number),
    firstChunk: Number(first ?? 0),
  }));
  return { documents, complete: rows.length < BATCH && bytes < BATCH_BYTES };
}

/** What has happened to a document that was there. */
export interface IndexChange {
  readonly document: number;
  /** Absent for one that is gone. */
  readonly now: { readonly metadata: Metadata; readonly acl: readonly string[] } | undefined;
}

/** What has happened after a generation. */
export async function changesAfter(
  db: Postgres,
  caller: Caller,
  collection: string,
  generation: number,
): Promise<IndexChange[]> {
  const rows = await db.rows<{ document: string; metadata: Metadata | null; acl: string[] | null }>(
    { identity: caller, readOnly: true },
    `SELECT DISTINCT n.document, d.metadata, d.acl FROM changes n
       LEFT JOIN documents d ON d.tenant = $1 AND d.collection_id = $2 AND d.number = n.document
      WHERE n.tenant = $1 AND n.collection_id = $2 AND n.generation > $3`,
    [caller.tenant, collection, generation],
  );
  return rows.map(({ document, metadata, acl }) => ({
    document: Number(document),
    now: metadata === null ? undefined : { metadata, acl: acl ?? [] },
  }));
}
