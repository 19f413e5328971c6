import { pageClause } from '@genai-platform/common';
import type { JobProblem, PageQuery, Postgres, Transaction } from '@genai-platform/common';
import type { Chunking } from '../domain/collection-settings.ts';
import type { Metadata } from '../domain/lexical/indexed-document.ts';
import type { Caller } from './caller.ts';

export type DocumentStatus = 'in_progress' | 'completed' | 'failed' | 'cancelled';

/** Where a document came from. */
export interface DocumentSource {
  readonly type: 'text' | 'file' | 'url';
  readonly filename?: string | undefined;
  readonly url?: string | undefined;
}

/** A document without its text. */
export interface DocumentRow {
  readonly id: string;
  readonly collection: string;
  readonly status: DocumentStatus;
  readonly number: number | null;
  readonly externalId: string | null;
  readonly fileId: string | null;
  readonly jobId: string | null;
  readonly batchId: string | null;
  readonly title: string;
  readonly source: DocumentSource;
  readonly bytes: number;
  readonly chunks: number;
  readonly metadata: Metadata;
  readonly acl: readonly string[];
  readonly chunking: Chunking;
  readonly problem: JobProblem | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A job may have ended without a word: cancelled before it began, or its workers died. */
const STATUS = `CASE WHEN status <> 'in_progress' THEN status ELSE coalesce(
  (SELECT CASE WHEN j.status IN ('failed', 'cancelled') THEN j.status ELSE 'in_progress' END FROM jobs j WHERE j.id = job_id),
  'failed') END`;
const PROBLEM = 'coalesce(problem, (SELECT j.problem FROM jobs j WHERE j.id = job_id))';

const COLUMNS = `id, collection_id AS collection, ${STATUS} AS status, number, external_id AS "externalId", file_id AS "fileId",
  job_id AS "jobId", batch_id AS "batchId", title, source, bytes, chunks, metadata, acl, chunking, ${PROBLEM} AS problem,
  created_by AS "createdBy", created_at AS "createdAt", updated_at AS "updatedAt"`;

type Row = Omit<DocumentRow, 'number' | 'bytes'> & { number: string | null; bytes: string; [column: string]: unknown };

/** Everybody of the tenant, as a principal. */
export const EVERYONE = '*';

/** SQL: whether the principals of parameter `parameter` may see the document; all may where it is null. */
function mayBeSeen(parameter: string): string {
  return `(${parameter}::text[] IS NULL OR cardinality(acl) = 0 OR acl && ${parameter}::text[])`;
}

export interface NewDocument {
  readonly id: string;
  readonly collection: string;
  readonly jobId: string | null;
  readonly externalId: string | null;
  readonly fileId: string | null;
  readonly batchId: string | null;
  readonly title: string;
  readonly source: DocumentSource;
  readonly bytes: number;
  readonly metadata: Metadata;
  readonly acl: readonly string[];
  readonly chunking: Chunking;
}

/** Writes down a document that is on its way: it can be listed, and not yet be found. */
export async function insertDocument(tx: Transaction, caller: Caller, given: NewDocument): Promise<DocumentRow> {
  const sql = `
    INSERT INTO documents (id, tenant, collection_id, status, job_id, external_id, file_id, batch_id, title, source, bytes,
      metadata, acl, chunking, created_by)
    VALUES ($1, $2, $3, 'in_progress', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING ${COLUMNS}`;
  const { id, collection, jobId, externalId, fileId, batchId, title, source, bytes, metadata, acl, chunking } = given;
  const ids = [id, caller.tenant, collection, jobId, externalId, fileId, batchId];
  const json = [JSON.stringify(metadata), acl, JSON.stringify(chunking), caller.subject];
  const row = await tx.row<Row>(sql, [...ids, title, JSON.stringify(source), bytes, ...json]);
  if (row === undefined) throw new Error('the new document was not returned');
  return toDocument(row);
}

/** @param principals who asks; all documents where null */
export async function findDocument(
  db: Postgres,
  caller: Caller,
  { collection, id, principals }: { collection: string; id: string; principals: readonly string[] | null },
): Promise<DocumentRow | undefined> {
  const sql = `SELECT ${COLUMNS} FROM documents WHERE tenant = $1 AND collection_id = $2
    AND (id = $3 OR external_id = $3 OR file_id = $3) AND ${mayBeSeen('$4')} ORDER BY id DESC LIMIT 1`;
  const [row] = await db.rows<Row>({ identity: caller, readOnly: true }, sql, [
    caller.tenant,
    collection,
    id,
    principals,
  ]);
  return row && toDocument(row);
}

export interface DocumentQuery {
  readonly page: PageQuery;
  readonly collection: string;
  readonly principals: readonly string[] | null;
  readonly status?: DocumentStatus | undefined;
  readonly batchId?: string | undefined;
  readonly ascending?: boolean;
}

export async function listDocuments(db: Postgres, caller: Caller, query: DocumentQuery): Promise<DocumentRow[]> {
  const { page, collection, principals, status, batchId, ascending = false } = query;
  const { condition, order, values } = pageClause(page, 'id', { firstParameter: 6, descending: !ascending });
  const sql = `SELECT ${COLUMNS} FROM documents WHERE tenant = $1 AND collection_id = $2 AND ${mayBeSeen('$3')}
    AND ($4::text IS NULL OR ${STATUS} = $4) AND ($5::text IS NULL OR batch_id = $5) AND ${condition} ${order}`;
  const parameters = [caller.tenant, collection, principals, status ?? null, batchId ?? null, ...values];
  return (await db.rows<Row>({ identity: caller, readOnly: true }, sql, parameters)).map(toDocument);
}

/** How many documents of a collection, or of one batch, are in each state. */
export async function countDocuments(
  db: Postgres,
  caller: Caller,
  { collection, batchId = null }: { collection: string; batchId?: string | null },
): Promise<Record<DocumentStatus, number>> {
  const rows = await db.rows<{ status: DocumentStatus; count: number }>(
    { identity: caller, readOnly: true },
    `SELECT ${STATUS} AS status, count(*)::int AS count FROM documents
      WHERE tenant = $1 AND collection_id = $2 AND ($3::text IS NULL OR batch_id = $3) GROUP BY 1`,
    [caller.tenant, collection, batchId],
  );
  const counts = { in_progress: 0, completed: 0, failed: 0, cancelled: 0 };
  for (const { status, count } of rows) counts[status] = count;
  return counts;
}

/** Ends a document that did not come to be found. */
export async function failDocument(
  db: Postgres,
  caller: Caller,
  { id, status, problem }: { id: string; status: 'failed' | 'cancelled'; problem: JobProblem | null },
): Promise<void> {
  await db.rows(
    { identity: caller },
    `UPDATE documents SET status = $3, problem = $4, updated_at = now() WHERE tenant = $1 AND id = $2 AND status = 'in_progress'`,
    [caller.tenant, id, status, problem === null ? null : JSON.stringify(problem)],
  );
}

export async function documentText(db: Postgres, caller: Caller, id: string): Promise<string | undefined> {
  const sql = 'SELECT text FROM documents WHERE tenant = $1 AND id = $2 AND text IS NOT NULL';
  const [row] = await db.rows<{ text: string }>({ identity: caller, readOnly: true }, sql, [caller.tenant, id]);
  return row?.text;
}

export function toDocument(row: Row): DocumentRow {
  return { ...row, number: row.number === null ? null : Number(row.number), bytes: Number(row.bytes) };
}

export { COLUMNS as DOCUMENT_COLUMNS };
export type { Row as DocumentResultRow };
