import type { Postgres, TransactionOptions } from '@genai-platform/common';
import type { Caller } from './caller.ts';
import type { SpaceRow } from './collection-rows.ts';
import { tableOf, vectorText } from './space-rows.ts';

/**
 * Candidates that the graph search keeps in view, at least: recall against time. Of the ten nearest of 100,000 vectors of
 * 384 dimensions 64 find 0.97, 100 find 0.99 in half as much time again.
 */
const EF_SEARCH = 64;
const MAX_EF_SEARCH = 1_000;
/** With so few vectors each is compared in any case. */
const EXACT_CANDIDATES = 2_000;
/**
 * Vectors that are compared in the time in which the graph search passes one: what a filter lets through is compared as
 * a whole while that is no slower. With 100 candidates of 100,000 vectors of 384 dimensions both took the same at about 10,000.
 */
const COMPARED_PER_STEP = 10;

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
  /** As PostgreSQL reads an array. */
  list(): string;
  /** Bit n, from the lowest of each byte on, stands for chunk n. */
  bitmap(): Buffer;
}

/** One row, whatever was found: a row for each number would cost more than finding it. Arrays as text; null where empty. */
interface Row {
  [column: string]: unknown;
  numbers: string | null;
  distances: string | null;
  watched: string | null;
  watched_distances: string | null;
}

/** Whose vectors are looked at, and where. */
export type Asking = Pick<TransactionOptions, 'signal'> & { readonly db: Postgres; readonly caller: Caller };

/**
 * The nearest chunks, nearest first, and the similarity of those watched. Walks the graph; where a filter leaves few, or
 * the graph comes back with too few, compares all that may be found: never too few silently.
 */
export async function nearest(asking: Asking, query: VectorQuery): Promise<Nearest> {
  const { eligible, limit, total } = query;
  if (eligible !== undefined && eligible.count <= mostCompared(query)) return await compare(asking, query, eligible);
  const walked = await walk(asking, query, eligible === undefined ? 'off' : 'relaxed_order');
  if (walked.matches.length >= Math.min(limit, eligible?.count ?? total)) return walked;
  if (eligible !== undefined) return await compare(asking, query, eligible);
  // Vectors that are gone take places until the next vacuum.
  return await walk(asking, query, 'relaxed_order');
}

/**
 * A filter that lets one chunk of n through makes the graph search pass n times as many: all that pass are compared up to
 * the number at which both take the same.
 */
function mostCompared({ limit, total }: VectorQuery): number {
  return Math.max(EXACT_CANDIDATES, Math.sqrt(COMPARED_PER_STEP * limit * total));
}

/**
 * @param scan whether the search goes on where what it found is filtered away; where nothing is, it finds the same, a third
 *   slower. In strict order it would forget whatever it finds late: of one chunk in twenty, a third of the best
 */
async function walk(asking: Asking, query: VectorQuery, scan: 'off' | 'relaxed_order'): Promise<Nearest> {
  const { space, limit, eligible } = query;
  const condition =
    eligible === undefined
      ? ''
      : 'AND CASE WHEN number >= 8 * octet_length($5::bytea) THEN false ELSE get_bit($5::bytea, number) = 1 END';
  const found = `SELECT number, embedding <=> $2::halfvec AS distance FROM ${tableOf(space.key)}
    WHERE tenant = $1 ${condition} ORDER BY embedding <=> $2::halfvec LIMIT $3`;
  const ef = Math.min(MAX_EF_SEARCH, Math.max(EF_SEARCH, limit));
  const settings = { 'hnsw.iterative_scan': scan, 'hnsw.ef_search': String(ef) };
  const more = eligible === undefined ? [] : [eligible.bitmap()];
  return nearestOf(await ask(asking, query, { found, more, settings }), 'graph');
}

/** The materialized step keeps the planner from the graph: every eligible row is compared. */
async function compare(asking: Asking, query: VectorQuery, eligible: EligibleChunks): Promise<Nearest> {
  const found = `SELECT number, distance FROM (
      WITH candidates AS MATERIALIZED (
        SELECT number, embedding <=> $2::halfvec AS distance FROM ${tableOf(query.space.key)}
         WHERE tenant = $1 AND number = ANY($5::bigint[]))
      SELECT number, distance FROM candidates ORDER BY distance, number LIMIT $3) compared`;
  return nearestOf(await ask(asking, query, { found, more: [eligible.list()] }), 'exact');
}

interface Question {
  /** SQL of the numbers and distances that are found. */
  readonly found: string;
  /** Parameters from the fifth on. */
  readonly more: readonly unknown[];
  readonly settings?: NonNullable<TransactionOptions['settings']>;
}

async function ask(
  { db, caller, signal }: Asking,
  query: VectorQuery,
  { found, more, settings }: Question,
): Promise<Row> {
  const { space, vector, limit, watch } = query;
  const [row] = await db.rows<Row>(
    { identity: caller, signal, readOnly: true, ...(settings && { settings }) },
    `WITH near AS MATERIALIZED (${found}), watched AS (
       SELECT number, embedding <=> $2::halfvec AS distance FROM ${tableOf(space.key)}
        WHERE tenant = $1 AND number = ANY($4::bigint[]) AND number NOT IN (SELECT number FROM near))
     SELECT n.numbers, n.distances, w.numbers AS watched, w.distances AS watched_distances
       FROM (SELECT array_agg(number)::text AS numbers, array_agg(distance::real)::text AS distances FROM near) n,
            (SELECT array_agg(number)::text AS numbers, array_agg(distance::real)::text AS distances FROM watched) w`,
    [caller.tenant, vectorText(vector), limit, watch, ...more],
  );
  return row as Row;
}

function nearestOf(
  { numbers, distances, watched: others, watched_distances: theirs }: Row,
  way: Nearest['way'],
): Nearest {
  const matches = matchesOf(numbers, distances);
  // In relaxed order what is found late stands behind.
  matches.sort((a, b) => b.similarity - a.similarity || a.number - b.number);
  const all = [...matches, ...matchesOf(others, theirs)];
  return { matches, watched: new Map(all.map(({ number, similarity }) => [number, similarity])), way };
}

function matchesOf(numbers: string | null, distances: string | null): VectorMatch[] {
  const similarities = elementsOf(distances);
  return elementsOf(numbers).map((number, i) => ({ number, similarity: 1 - (similarities[i] as number) }));
}

/** Of PostgreSQL's text of an array of numbers. */
function elementsOf(array: string | null): number[] {
  return array === null ? [] : array.slice(1, -1).split(',').map(Number);
}
