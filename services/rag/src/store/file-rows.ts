import { newId, pageClause } from '@genai-platform/common';
import type { PageQuery, Postgres, Transaction } from '@genai-platform/common';
import type { Caller } from './caller.ts';

/** A file without its content. */
export interface FileRow {
  readonly id: string;
  readonly subject: string;
  readonly filename: string;
  readonly mediaType: string;
  readonly purpose: string;
  readonly bytes: number;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

const COLUMNS = `id, subject, filename, media_type AS "mediaType", purpose, bytes::float8 AS bytes, created_at AS "createdAt",
  expires_at AS "expiresAt"`;
const ALIVE = '(expires_at IS NULL OR expires_at > now())';
type Row = FileRow & Record<string, unknown>;

export interface NewFile {
  readonly filename: string;
  readonly mediaType: string;
  readonly purpose: string;
  readonly content: Uint8Array;
  readonly expiresAfterSeconds: number | null;
}

/** Keeps a file, and forgets those of the tenant that have expired. */
export async function insertFile(tx: Transaction, caller: Caller, given: NewFile): Promise<FileRow> {
  await tx.query('DELETE FROM files WHERE tenant = $1 AND expires_at < now()', [caller.tenant]);
  const row = await tx.row<Row>(
    `INSERT INTO files (id, tenant, subject, filename, media_type, purpose, bytes, content, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9::float8 * interval '1 second') RETURNING ${COLUMNS}`,
    [
      newId('file'),
      caller.tenant,
      caller.subject,
      given.filename,
      given.mediaType,
      given.purpose,
      given.content.byteLength,
      given.content,
      given.expiresAfterSeconds,
    ],
  );
  if (row === undefined) throw new Error('the new file was not returned');
  return row;
}

/** Bytes of all files of a tenant. */
export async function fileBytesOf(tx: Transaction, caller: Caller): Promise<number> {
  const sql = 'SELECT coalesce(sum(bytes), 0)::float8 AS sum FROM files WHERE tenant = $1';
  return (await tx.row<{ sum: number }>(sql, [caller.tenant]))?.sum ?? 0;
}

/** The files of these ids, those that there are. */
export async function findFiles(db: Postgres, caller: Caller, ids: readonly string[]): Promise<FileRow[]> {
  const sql = `SELECT ${COLUMNS} FROM files WHERE tenant = $1 AND id = ANY($2) AND ${ALIVE}`;
  return await db.rows<Row>({ identity: caller, readOnly: true }, sql, [caller.tenant, ids]);
}

export interface FileQuery {
  readonly page: PageQuery;
  readonly purpose: string | undefined;
  readonly ascending: boolean;
  /** Only this user's; all of the tenant's where null. */
  readonly subject: string | null;
}

export async function listFiles(db: Postgres, caller: Caller, query: FileQuery): Promise<FileRow[]> {
  const { page, purpose = null, ascending, subject } = query;
  const { condition, order, values } = pageClause(page, 'id', { firstParameter: 4, descending: !ascending });
  const sql = `SELECT ${COLUMNS} FROM files WHERE tenant = $1 AND ($2::text IS NULL OR purpose = $2)
    AND ($3::text IS NULL OR subject = $3) AND ${ALIVE} AND ${condition} ${order}`;
  return await db.rows<Row>({ identity: caller, readOnly: true }, sql, [caller.tenant, purpose, subject, ...values]);
}

export async function readFileBytes(db: Postgres, caller: Caller, id: string): Promise<Buffer | undefined> {
  const sql = 'SELECT content FROM files WHERE tenant = $1 AND id = $2';
  const [row] = await db.rows<{ content: Buffer }>({ identity: caller, readOnly: true }, sql, [caller.tenant, id]);
  return row?.content;
}

export async function deleteFile(tx: Transaction, caller: Caller, id: string): Promise<boolean> {
  const { rowCount } = await tx.query('DELETE FROM files WHERE tenant = $1 AND id = $2', [caller.tenant, id]);
  return rowCount === 1;
}
