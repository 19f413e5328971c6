import type { Postgres } from '@genai-platform/common';
import type { IndexedDocument, Metadata } from '../domain/lexical/indexed-document.ts';
import type { Caller } from './caller.ts';

/** Documents, or about so many bytes of words, that are read at once. */
const BATCH = 200;

interface DocumentRow {
  [column: string]: unknown;
  id: string;
  number: string;
  first_chunk: string;
  words: Buffer;
  metadata: Metadata;
  acl: string[];
}

/** The next documents of a collection after the one of number `after`, in their order. */
export async function documentsAfter(
  db: Postgres,
  caller: Caller,
  collection: string,
  after: number,
): Promise<IndexedDocument[]> {
  const rows = await db.rows<DocumentRow>(
    { identity: caller, readOnly: true },
    `SELECT d.id, d.number, d.words, d.metadata, d.acl, f.number AS first_chunk FROM documents d
       LEFT JOIN LATERAL (SELECT number FROM chunks c WHERE c.tenant = $1 AND c.document_id = d.id ORDER BY ordinal LIMIT 1) f ON true
      WHERE d.tenant = $1 AND d.collection_id = $2 AND d.number > $3 ORDER BY d.number LIMIT ${BATCH}`,
    [caller.tenant, collection, after],
  );
  return rows.map(({ id, number, words, metadata, acl, first_chunk: first }) => ({
    id,
    number: Number(number),
    firstChunk: Number(first ?? 0),
    words,
    metadata,
    acl,
  }));
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
