import type { Postgres, Transaction } from '@genai-platform/common';
import { LruCache } from '../domain/codec/lru-cache.ts';
import { SIMILARITIES } from '../domain/ranking/similarity.ts';
import type { Caller } from './caller.ts';
import { vectorTable } from './vectors.ts';
import type { VectorMatch, VectorQuery, VectorStore } from './vectors.ts';

/** Numbers of one block; a vector of 512 dimensions makes a block of 2 MB. */
const BLOCK_NUMBERS = 1_024;

interface Block {
  readonly numbers: Float64Array;
  readonly vectors: readonly Float32Array[];
}

/**
 * Compares every eligible vector: for databases without pgvector, and for dimensions beyond its graph. A number's
 * vector never changes, so blocks of numbers that are all taken can be kept; what was deleted is filtered out by the
 * eligible set as everywhere.
 */
export class ExactVectorStore implements VectorStore {
  readonly #db: Postgres;
  readonly #blocks: LruCache<Block>;

  constructor(db: Postgres, limitBytes: number) {
    this.#db = db;
    this.#blocks = new LruCache(limitBytes);
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
       SELECT number, $1, decode(embedding, 'base64') FROM unnest($2::bigint[], $3::text[]) AS given(number, embedding)`,
      [caller.tenant, [...vectors.keys()], [...vectors.values()].map(encodeVector)],
    );
  }

  async nearest(caller: Caller, query: VectorQuery): Promise<VectorMatch[]> {
    const wanted = Float32Array.from(query.vector);
    const similarity = SIMILARITIES[query.settings.metric];
    const matches: VectorMatch[] = [];
    for (let block = 0; block * BLOCK_NUMBERS < query.before; block++) {
      const { numbers, vectors } = await this.#block(caller, query, block);
      vectors.forEach((vector, i) => {
        const number = numbers[i] as number;
        if (number < query.before && query.eligible?.has(number) !== false)
          matches.push({ number, similarity: similarity(vector, wanted) });
      });
    }
    return matches.sort((a, b) => b.similarity - a.similarity || a.number - b.number).slice(0, query.limit);
  }

  async similarities(caller: Caller, query: VectorQuery, numbers: readonly number[]): Promise<Map<number, number>> {
    const wanted = Float32Array.from(query.vector);
    const rows = await this.#read(caller, query.indexId, 'number = ANY($2::bigint[])', [numbers]);
    return new Map(
      rows.map((row) => [Number(row.number), SIMILARITIES[query.settings.metric](decodeVector(row.embedding), wanted)]),
    );
  }

  async #block(caller: Caller, { indexId, before }: VectorQuery, block: number): Promise<Block> {
    const key = `${indexId}/${block}`;
    const cached = this.#blocks.get(key);
    if (cached) return cached;
    const [from, to] = [block * BLOCK_NUMBERS, (block + 1) * BLOCK_NUMBERS];
    const rows = await this.#read(caller, indexId, 'number >= $2 AND number < $3', [from, to]);
    const vectors = rows.map((row) => decodeVector(row.embedding));
    const loaded = { numbers: Float64Array.from(rows, (row) => Number(row.number)), vectors };
    // The last block may still grow.
    if (to <= before)
      this.#blocks.set(
        key,
        loaded,
        vectors.reduce((sum, vector) => sum + vector.byteLength + 72, 0),
      );
    return loaded;
  }

  async #read(
    caller: Caller,
    indexId: string,
    condition: string,
    values: readonly unknown[],
  ): Promise<{ number: string; embedding: Buffer }[]> {
    return await this.#db.rows(
      { identity: caller, readOnly: true },
      `SELECT number, embedding FROM ${vectorTable(indexId)} WHERE tenant = $1 AND ${condition}`,
      [caller.tenant, ...values],
    );
  }
}

function encodeVector(vector: readonly number[]): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString('base64');
}

function decodeVector(bytes: Buffer): Float32Array {
  // A Buffer may start anywhere in its memory; floats must be aligned.
  return new Float32Array(new Uint8Array(bytes).buffer);
}
