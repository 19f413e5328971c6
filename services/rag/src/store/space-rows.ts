import type { Transaction, TransactionOptions } from '@genai-platform/common';
import type { Caller } from './caller.ts';
import type { SpaceRow } from './collection-rows.ts';

/** Dimensions beyond which pgvector builds no graph over half-precision vectors. */
const MAX_GRAPH_DIMENSIONS = 4_000;
/** With so few vectors each is compared: exact, and faster than walking a graph past all others. */
const EXACT_CANDIDATES = 2_000;
/** Candidates that the graph search keeps in view: recall against time. */
const EF_SEARCH = 100;
const MAX_EF_SEARCH = 1_000;

/** A chunk's nearness to the query: the cosine of the angle between their vectors. */
export interface VectorMatch {
  readonly number: number;
  readonly similarity: number;
}

export interface VectorQuery {
  readonly space: SpaceRow;
  readonly vector: ArrayLike<number>;
  readonly limit: number;
  /** Numbers of the chunks that may be found; all of them where undefined. */
  readonly eligible: EligibleChunks | undefined;
  /** How many chunks there are. */
  readonly total: number;
  /** Further chunks whose similarity is wanted. */
  readonly watch: readonly number[];
}

export interface Nearest {
  /** Nearest first. */
  readonly matches: readonly VectorMatch[];
  /** Similarities by chunk, of the matches too. */
  readonly watched: ReadonlyMap<number, number>;
  readonly way: 'graph' | 'exact';
}

/** A set of chunk numbers. */
export interface EligibleChunks {
  readonly count: number;
  list(): number[];
  /** Bit n, from the lowest of each byte on, stands for chunk n. */
  bitmap(): Buffer;
}

interface Row {
  [column: string]: unknown;
  number: string;
  distance: number;
  near: boolean;
}

/** The table of a space's vectors. The key is PostgreSQL's own number, never a name that somebody chose. */
function tableOf(key: string): string {
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
 * The nearest chunks, nearest first, and the similarity of those watched. Walks the graph; where a filter leaves few, or
 * the graph comes back with too few, compares all that may be found: never too few silently. In a transaction with
 * `graphSettings`.
 */
export async function nearest(tx: Transaction, caller: Caller, query: VectorQuery): Promise<Nearest> {
  const { eligible, limit, total } = query;
  const compareAll = async (all: EligibleChunks): Promise<Nearest> =>
    nearestOf(await compare(tx, caller, query, all.list()), 'exact');
  if (eligible !== undefined && eligible.count <= EXACT_CANDIDATES) return await compareAll(eligible);
  const walked = nearestOf(await walk(tx, caller, query), 'graph');
  if (walked.matches.length >= Math.min(limit, eligible?.count ?? total)) return walked;
  if (eligible !== undefined) return await compareAll(eligible);
  // Vectors that are gone take places until the next vacuum.
  await tx.query(`SET LOCAL hnsw.iterative_scan = ${ITERATIVE}`);
  return nearestOf(await walk(tx, caller, query), 'graph');
}

function nearestOf(rows: readonly Row[], way: Nearest['way']): Nearest {
  const matches = rows.filter(({ near }) => near).map(toMatch);
  const watched = new Map(rows.map(toMatch).map(({ number, similarity }) => [number, similarity]));
  return { matches, watched, way };
}

const ITERATIVE = 'strict_order';

/**
 * Of the transaction in which `nearest` is asked. Without the iterative scan the graph's first candidates are filtered
 * and the rest is forgotten; where nothing is filtered it finds the same, a third slower.
 */
export function graphSettings({ limit, eligible }: VectorQuery): NonNullable<TransactionOptions['settings']> {
  const ef = Math.min(MAX_EF_SEARCH, Math.max(EF_SEARCH, limit));
  return {
    'hnsw.iterative_scan': eligible === undefined ? 'off' : ITERATIVE,
    'hnsw.ef_search': String(ef),
  };
}

async function walk(tx: Transaction, caller: Caller, query: VectorQuery): Promise<Row[]> {
  const { space, vector, limit, eligible, watch } = query;
  const condition =
    eligible === undefined
      ? ''
      : 'AND CASE WHEN number >= 8 * octet_length($5::bytea) THEN false ELSE get_bit($5::bytea, number) = 1 END';
  return await tx.rows<Row>(
    `WITH near AS MATERIALIZED (
       SELECT number, embedding <=> $2::halfvec AS distance FROM ${tableOf(space.key)}
        WHERE tenant = $1 ${condition} ORDER BY embedding <=> $2::halfvec LIMIT $3)
     SELECT number, distance, true AS near FROM near
     UNION ALL
     SELECT number, embedding <=> $2::halfvec, false FROM ${tableOf(space.key)}
      WHERE tenant = $1 AND number = ANY($4::bigint[]) AND number NOT IN (SELECT number FROM near)`,
    [caller.tenant, vectorText(vector), limit, watch, ...(eligible === undefined ? [] : [eligible.bitmap()])],
  );
}

/** The materialized step keeps the planner from the graph: every eligible row is compared. */
async function compare(
  tx: Transaction,
  caller: Caller,
  query: VectorQuery,
  numbers: readonly number[],
): Promise<Row[]> {
  const { space, vector, limit, watch } = query;
  return await tx.rows<Row>(
    `WITH candidates AS MATERIALIZED (
       SELECT number, embedding <=> $2::halfvec AS distance FROM ${tableOf(space.key)}
        WHERE tenant = $1 AND number = ANY($5::bigint[])),
     near AS (SELECT number, distance FROM candidates ORDER BY distance, number LIMIT $3)
     SELECT number, distance, true AS near FROM near
     UNION ALL
     SELECT number, embedding <=> $2::halfvec, false FROM ${tableOf(space.key)}
      WHERE tenant = $1 AND number = ANY($4::bigint[]) AND number NOT IN (SELECT number FROM near)`,
    [caller.tenant, vectorText(vector), limit, watch, numbers],
  );
}

function toMatch({ number, distance }: Row): VectorMatch {
  return { number: Number(number), similarity: 1 - distance };
}

/**
 * As pgvector reads it, at length 1 and to a millionth: columns are of half precision, directions alone are compared, and
 * long numbers take most of a query's time in this process.
 */
function vectorText(vector: ArrayLike<number>): string {
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
