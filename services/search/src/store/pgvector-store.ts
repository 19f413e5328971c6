import type { Postgres, Transaction } from '@genai-platform/common';
import type { VectorSettings } from '../domain/settings.ts';
import type { Caller } from './caller.ts';
import { vectorTable } from './vectors.ts';
import type { VectorMatch, VectorQuery, VectorStore } from './vectors.ts';

type Metric = VectorSettings['metric'];

/** pgvector's distance operator for each metric, and how a distance becomes a similarity. */
const OPERATORS: Readonly<Record<Metric, { operator: string; similarity: (distance: number) => number }>> = {
  cosine: { operator: '<=>', similarity: (distance) => 1 - distance },
  dot: { operator: '<#>', similarity: (distance) => -distance },
  euclidean: { operator: '<->', similarity: (distance) => 1 / (1 + distance) },
};

/** The operator class that an index for the metric is built with. */
export const OPERATOR_CLASSES: Readonly<Record<Metric, string>> = {
  cosine: 'vector_cosine_ops',
  dot: 'vector_ip_ops',
  euclidean: 'vector_l2_ops',
};

/** Dimensions beyond which pgvector builds no graph. */
export const MAX_HNSW_DIMENSIONS = 2_000;

/** With fewer candidates than this each is compared: exact, and faster than walking a graph past all others. */
const EXACT_CANDIDATES = 2_000;
/** Candidates that the graph search keeps in view: recall against time. */
const EF_SEARCH = 100;
const MAX_EF_SEARCH = 1_000;

interface Row {
  number: string;
  distance: number;
}

/** Vectors in pgvector columns with an HNSW graph (Malkov and Yashunin, TPAMI 2020). */
export class PgvectorStore implements VectorStore {
  readonly #db: Postgres;

  constructor(db: Postgres) {
    this.#db = db;
  }

  async insert(
    tx: Transaction,
    caller: Caller,
    indexId: string,
    vectors: ReadonlyMap<number, readonly number[]>,
  ): Promise<void> {
    if (vectors.size === 0) return;
    await tx.query(
      `INSERT INTO ${vectorTable(indexId)} (number, tenant, embedding)
       SELECT number, $1, embedding::vector FROM unnest($2::bigint[], $3::text[]) AS given(number, embedding)`,
      [caller.tenant, [...vectors.keys()], [...vectors.values()].map(vectorText)],
    );
  }

  /** Walks the graph; where filters leave it with too few, compares all that may be found: never too few silently. */
  async nearest(caller: Caller, query: VectorQuery): Promise<VectorMatch[]> {
    const candidates = query.eligible?.count();
    if (candidates === 0) return [];
    if (candidates !== undefined && candidates <= EXACT_CANDIDATES) return await this.#compareAll(caller, query);
    const matches = await this.#walk(caller, query);
    return matches.length >= query.limit ? matches : await this.#compareAll(caller, query);
  }

  async similarities(caller: Caller, query: VectorQuery, numbers: readonly number[]): Promise<Map<number, number>> {
    const { operator, similarity } = OPERATORS[query.settings.metric];
    const rows = await this.#db.rows<Row>(
      { identity: caller, readOnly: true },
      `SELECT number, embedding ${operator} $2::vector AS distance FROM ${vectorTable(query.indexId)}
        WHERE tenant = $1 AND number = ANY($3::bigint[])`,
      [caller.tenant, vectorText(query.vector), numbers],
    );
    return new Map(rows.map((row) => [Number(row.number), similarity(row.distance)]));
  }

  async #walk(caller: Caller, query: VectorQuery): Promise<VectorMatch[]> {
    const { operator } = OPERATORS[query.settings.metric];
    const ef = Math.min(MAX_EF_SEARCH, Math.max(EF_SEARCH, query.limit));
    // Without the iterative scan the graph's first candidates are filtered and the rest is forgotten.
    const settings = `SET LOCAL hnsw.iterative_scan = strict_order; SET LOCAL hnsw.ef_search = ${ef}`;
    const rows = await this.#db.withTransaction({ identity: caller, readOnly: true }, async (tx) => {
      await tx.query(settings);
      return await tx.rows<Row>(
        `SELECT number, embedding ${operator} $2::vector AS distance FROM ${vectorTable(query.indexId)}
          WHERE tenant = $1 AND ${eligible('$4', '$5')} ORDER BY embedding ${operator} $2::vector LIMIT $3`,
        [caller.tenant, vectorText(query.vector), query.limit, eligibleBytes(query), query.before],
      );
    });
    return toMatches(rows, query);
  }

  /** The materialized step keeps the planner from the graph: every eligible row is compared. */
  async #compareAll(caller: Caller, query: VectorQuery): Promise<VectorMatch[]> {
    const { operator } = OPERATORS[query.settings.metric];
    const few = query.eligible && query.eligible.count() <= EXACT_CANDIDATES;
    const numbers: number[] = [];
    if (few) query.eligible?.forEach((number) => numbers.push(number));
    const condition = few ? 'number = ANY($4::bigint[]) AND number < $5' : eligible('$4', '$5');
    const rows = await this.#db.rows<Row>(
      { identity: caller, readOnly: true },
      `WITH candidates AS MATERIALIZED (
         SELECT number, embedding FROM ${vectorTable(query.indexId)} WHERE tenant = $1 AND ${condition})
       SELECT number, embedding ${operator} $2::vector AS distance FROM candidates ORDER BY distance, number LIMIT $3`,
      [caller.tenant, vectorText(query.vector), query.limit, few ? numbers : eligibleBytes(query), query.before],
    );
    return toMatches(rows, query);
  }
}

/** The set of eligible numbers travels as a bitmap: filters are evaluated in one place, for every way of searching. */
function eligible(bitmap: string, before: string): string {
  return `CASE WHEN number >= ${before} THEN false WHEN ${bitmap}::bytea IS NULL THEN true
          WHEN number >= 8 * octet_length(${bitmap}::bytea) THEN false
          ELSE get_bit(${bitmap}::bytea, number) = 1 END`;
}

function eligibleBytes({ eligible: set }: VectorQuery): Buffer | null {
  return set ? Buffer.from(set.words.buffer, set.words.byteOffset, set.words.byteLength) : null;
}

function toMatches(rows: readonly Row[], { settings }: VectorQuery): VectorMatch[] {
  const { similarity } = OPERATORS[settings.metric];
  return rows.map(({ number, distance }) => ({ number: Number(number), similarity: similarity(distance) }));
}

function vectorText(vector: readonly number[]): string {
  return `[${vector.join(',')}]`;
}
