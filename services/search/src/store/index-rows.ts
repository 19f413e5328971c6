import { pageClause } from '@genai-platform/common';
import type { PageQuery, Postgres, Transaction } from '@genai-platform/common';
import type { IndexSettings } from '../domain/settings.ts';
import type { Caller } from './caller.ts';

/** How vectors are compared: by pgvector's HNSW graph, or one by one by the service. */
export type VectorEngine = 'hnsw' | 'exact';

/** An index as it is listed. */
export interface IndexRow {
  readonly indexId: string;
  readonly name: string;
  readonly settings: IndexSettings;
  readonly revision: number;
  readonly documents: number;
  /** Numbers given so far: 0 for an index that never held a document. */
  readonly numbers: number;
  readonly vectorEngine: VectorEngine | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface Row {
  index_id: string;
  name: string;
  settings: IndexSettings;
  revision: string;
  documents: string;
  next_number: string;
  vector_engine: VectorEngine | null;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = 'index_id, name, settings, revision, documents, next_number, vector_engine, created_at, updated_at';

/** A page of the tenant's indexes in order of name, with one more than asked for where there is more. */
export async function listIndexes(db: Postgres, caller: Caller, query: PageQuery): Promise<IndexRow[]> {
  const { condition, order, values } = pageClause(query, 'name', { descending: false, firstParameter: 2 });
  const rows = await db.rows<Row>(
    { identity: caller, readOnly: true },
    `SELECT ${COLUMNS} FROM indexes WHERE tenant = $1 AND ${condition} ${order}`,
    [caller.tenant, ...values],
  );
  return rows.map(fromRow);
}

export async function findIndex(db: Postgres, caller: Caller, name: string): Promise<IndexRow | undefined> {
  const [row] = await db.rows<Row>(
    { identity: caller, readOnly: true },
    `SELECT ${COLUMNS} FROM indexes WHERE tenant = $1 AND name = $2`,
    [caller.tenant, name],
  );
  return row && fromRow(row);
}

/** Reads an index and keeps everybody else from changing it until the transaction ends. */
export async function lockIndex(tx: Transaction, caller: Caller, name: string): Promise<IndexRow | undefined> {
  const row = await tx.row<Row>(`SELECT ${COLUMNS} FROM indexes WHERE tenant = $1 AND name = $2 FOR UPDATE`, [
    caller.tenant,
    name,
  ]);
  return row && fromRow(row);
}

/** Makes the index unless it exists; undefined where somebody else was faster. */
export async function insertIndex(
  tx: Transaction,
  caller: Caller,
  { name, settings, engine }: { name: string; settings: IndexSettings; engine: VectorEngine | undefined },
): Promise<IndexRow | undefined> {
  const row = await tx.row<Row>(
    `INSERT INTO indexes (tenant, name, settings, vector_engine) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant, name) DO NOTHING RETURNING ${COLUMNS}`,
    [caller.tenant, name, JSON.stringify(settings), engine ?? null],
  );
  return row && fromRow(row);
}

/** Changes the settings of an index that the transaction has locked. */
export async function updateIndex(
  tx: Transaction,
  caller: Caller,
  { indexId, settings, engine }: { indexId: string; settings: IndexSettings; engine: VectorEngine | undefined },
): Promise<IndexRow> {
  const row = await tx.row<Row>(
    `UPDATE indexes SET settings = $3, vector_engine = $4, revision = revision + 1, generation = generation + 1,
            updated_at = now()
      WHERE tenant = $1 AND index_id = $2 RETURNING ${COLUMNS}`,
    [caller.tenant, indexId, JSON.stringify(settings), engine ?? null],
  );
  return fromRow(row as Row);
}

/** Removes an index that the transaction has locked, with all that belongs to it. */
export async function deleteIndex(tx: Transaction, caller: Caller, { indexId, vectorEngine }: IndexRow): Promise<void> {
  const values = [caller.tenant, indexId];
  if (vectorEngine) await tx.query('SELECT drop_vector_table($1)', [indexId]);
  await tx.query(
    `DELETE FROM segment_chunks c USING segments s
      WHERE c.tenant = $1 AND s.tenant = $1 AND s.index_id = $2 AND c.segment_id = s.segment_id`,
    values,
  );
  for (const table of ['segments', 'tombstones', 'documents', 'indexes'])
    await tx.query(`DELETE FROM ${table} WHERE tenant = $1 AND index_id = $2`, values);
}

function fromRow(row: Row): IndexRow {
  return {
    indexId: row.index_id,
    name: row.name,
    settings: row.settings,
    revision: Number(row.revision),
    documents: Number(row.documents),
    numbers: Number(row.next_number),
    vectorEngine: row.vector_engine ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
