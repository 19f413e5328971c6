import type { Postgres } from '@genai-platform/common';
import type { Caller } from './caller.ts';

/** A chunk with what is to be said of its document. */
export interface ChunkRow {
  readonly number: number;
  readonly collection: string;
  readonly documentId: string;
  readonly ordinal: number;
  readonly startAt: number;
  readonly endAt: number;
  readonly context: string;
  readonly text: string;
  readonly document: {
    readonly title: string;
    readonly externalId: string | null;
    readonly fileId: string | null;
    readonly filename: string | null;
    readonly url: string | null;
    readonly metadata: Readonly<Record<string, string | number | boolean | (string | number | boolean)[]>>;
  };
}

interface Row {
  [column: string]: unknown;
  number: string;
  collection: string;
  document_id: string;
  ordinal: number;
  start_at: number;
  end_at: number;
  context: string;
  text: string;
  title: string;
  external_id: string | null;
  file_id: string | null;
  source: { filename?: string; url?: string };
  metadata: ChunkRow['document']['metadata'];
}

const SELECT = `
  SELECT c.number, c.collection_id AS collection, c.document_id, c.ordinal, c.start_at, c.end_at, c.context, c.text,
    d.title, d.external_id, d.file_id, d.source, d.metadata
  FROM chunks c JOIN documents d ON d.tenant = $1 AND d.id = c.document_id`;

/** Chunks of several collections by number, those that are still there: of each collection those of its numbers. */
export async function readChunks(
  db: Postgres,
  caller: Caller,
  wanted: readonly { readonly collection: string; readonly numbers: readonly number[] }[],
  signal: AbortSignal,
): Promise<ChunkRow[]> {
  if (wanted.length === 0) return [];
  const text = `${SELECT} WHERE c.tenant = $1 AND c.collection_id = $2 AND c.number = ANY($3::bigint[])`;
  const statements = wanted.map(({ collection, numbers }) => ({ text, values: [caller.tenant, collection, numbers] }));
  const found = await db.rowsOfEach({ identity: caller, signal, readOnly: true }, statements);
  return (found.flat() as Row[]).map(toChunk);
}

/** The chunks of a document in order, from `from` on. */
export async function chunksOf(
  db: Postgres,
  caller: Caller,
  { documentId, from, limit }: { documentId: string; from: number; limit: number },
): Promise<ChunkRow[]> {
  const sql = `${SELECT} WHERE c.tenant = $1 AND c.document_id = $2 AND c.ordinal >= $3 ORDER BY c.ordinal LIMIT $4`;
  const rows = await db.rows<Row>({ identity: caller, readOnly: true }, sql, [caller.tenant, documentId, from, limit]);
  return rows.map(toChunk);
}

function toChunk(row: Row): ChunkRow {
  const { title, external_id: externalId, file_id: fileId, source, metadata } = row;
  const { filename = null, url = null } = source;
  return {
    number: Number(row.number),
    collection: row.collection,
    documentId: row.document_id,
    ordinal: row.ordinal,
    startAt: row.start_at,
    endAt: row.end_at,
    context: row.context,
    text: row.text,
    document: { title, externalId, fileId, filename, url, metadata },
  };
}
