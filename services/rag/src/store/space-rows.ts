import type { Transaction } from '@genai-platform/common';
import type { Caller } from './caller.ts';
import type { SpaceRow } from './collection-rows.ts';

/** Dimensions beyond which pgvector builds no graph over half-precision vectors. */
const MAX_GRAPH_DIMENSIONS = 4_000;
/** The table of a space's vectors. The key is PostgreSQL's own number, never a name that somebody chose. */
export function tableOf(key: string): string {
  if (!/^\d+$/.test(key)) throw new Error('the key of a space is a number');
  return `vectors_${key}`;
}

/** Makes a place for vectors. @param graph false where so many will come that the graph is better built over all */
export async function createSpace(
  tx: Transaction,
  caller: Caller,
  collection: string,
  { model, dimensions, graph = true }: { model: string; dimensions: number; graph?: boolean },
): Promise<SpaceRow> {
  const row = await tx.row<{ space_id: string }>(
    'INSERT INTO spaces (collection_id, tenant, model, dimensions) VALUES ($1, $2, $3, $4) RETURNING space_id',
    [collection, caller.tenant, model, dimensions],
  );
  if (row === undefined) throw new Error('the new space was not returned');
  await tx.query('SELECT create_space_table($1, $2)', [row.space_id, graph && dimensions <= MAX_GRAPH_DIMENSIONS]);
  return { key: row.space_id, model, dimensions };
}

/** Builds the graph of a space that was made without one. */
export async function createGraph(tx: Transaction, { key, dimensions }: SpaceRow): Promise<void> {
  if (dimensions <= MAX_GRAPH_DIMENSIONS) await tx.query('SELECT create_space_graph($1)', [key]);
}

export async function dropSpace(tx: Transaction, caller: Caller, key: string): Promise<void> {
  await tx.query('SELECT drop_space_table($1)', [key]);
  await tx.query('DELETE FROM spaces WHERE tenant = $1 AND space_id = $2', [caller.tenant, key]);
}

/** All spaces of a collection: the one that is searched, and one that is being filled. */
export async function spacesOf(tx: Transaction, caller: Caller, collection: string): Promise<SpaceRow[]> {
  const sql =
    'SELECT space_id AS key, model, dimensions FROM spaces WHERE tenant = $1 AND collection_id = $2 ORDER BY space_id';
  return await tx.rows<{ key: string; model: string; dimensions: number }>(sql, [caller.tenant, collection]);
}

/** Writes vectors of chunks that have none yet in this space. */
export async function insertVectors(
  tx: Transaction,
  caller: Caller,
  { key }: SpaceRow,
  vectors: readonly { readonly number: number; readonly vector: ArrayLike<number> }[],
): Promise<void> {
  await tx.query(
    `INSERT INTO ${tableOf(key)} (number, tenant, embedding)
     SELECT number, $1, embedding::halfvec FROM unnest($2::bigint[], $3::text[]) AS given(number, embedding)
     ON CONFLICT (number) DO NOTHING`,
    [caller.tenant, vectors.map(({ number }) => number), vectors.map(({ vector }) => vectorText(vector))],
  );
}

export async function deleteVectors(
  tx: Transaction,
  caller: Caller,
  { key }: SpaceRow,
  { from, to }: { from: number; to: number },
): Promise<void> {
  await tx.query(`DELETE FROM ${tableOf(key)} WHERE tenant = $1 AND number >= $2 AND number < $3`, [
    caller.tenant,
    from,
    to,
  ]);
}

/** Vectors of chunks, as they are kept. */
export async function readVectors(
  tx: Transaction,
  caller: Caller,
  { key }: SpaceRow,
  numbers: readonly number[],
): Promise<Map<number, Float32Array>> {
  const sql = `SELECT number, embedding::text AS text FROM ${tableOf(key)} WHERE tenant = $1 AND number = ANY($2::bigint[])`;
  const rows = await tx.rows<{ number: string; text: string }>(sql, [caller.tenant, numbers]);
  return new Map(rows.map(({ number, text }) => [Number(number), Float32Array.from(JSON.parse(text) as number[])]));
}

/**
 * As pgvector reads it, at length 1 and to a millionth: columns are of half precision, directions alone are compared, and
 * long numbers take most of a query's time in this process.
 */
export function vectorText(vector: ArrayLike<number>): string {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += (vector[i] as number) ** 2;
  const scale = squares > 0 ? 1e6 / Math.sqrt(squares) : 1;
  let text = '[';
  for (let i = 0; i < vector.length; i++)
    text += (i === 0 ? '' : ',') + Math.round((vector[i] as number) * scale) / 1e6;
  return `${text}]`;
}

/** A chunk that has no vector in a space. */
export interface MissingChunk {
  readonly number: number;
  readonly context: string;
  readonly text: string;
}

/** Chunks that have no vector in the space, by number; all chunks where there is no space yet. */
export async function missingChunks(
  tx: Transaction,
  caller: Caller,
  { collection, space, limit }: { collection: string; space: SpaceRow | undefined; limit: number },
): Promise<MissingChunk[]> {
  const without =
    space === undefined
      ? ''
      : `AND NOT EXISTS (SELECT FROM ${tableOf(space.key)} v WHERE v.tenant = $1 AND v.number = c.number)`;
  const rows = await tx.rows<{ number: string; context: string; text: string }>(
    `SELECT c.number, c.context, c.text FROM chunks c WHERE c.tenant = $1 AND c.collection_id = $2 ${without} ORDER BY c.number LIMIT $3`,
    [caller.tenant, collection, limit],
  );
  return rows.map(({ number, context, text }) => ({ number: Number(number), context, text }));
}
