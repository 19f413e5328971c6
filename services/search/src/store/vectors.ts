import type { Transaction } from '@genai-platform/common';
import type { Bitset } from '@genai-platform/common/retrieval';
import type { VectorSettings } from '../domain/settings.ts';
import type { Caller } from './caller.ts';

/** A document's nearness to the query: greater is nearer. */
export interface VectorMatch {
  readonly number: number;
  readonly similarity: number;
}

export interface VectorQuery {
  readonly indexId: string;
  readonly vector: readonly number[];
  readonly settings: VectorSettings;
  readonly limit: number;
  /** Documents that may be found, by number; all that have a vector where undefined. */
  readonly eligible: Bitset | undefined;
  /** Numbers from here on are too new. */
  readonly before: number;
}

/** Keeps vectors and finds the nearest. Two ways: pgvector's graph, and comparing one by one where it is missing. */
export interface VectorStore {
  /** Writes vectors of documents that have none yet. */
  insert(
    tx: Transaction,
    caller: Caller,
    indexId: string,
    vectors: ReadonlyMap<number, readonly number[]>,
  ): Promise<void>;
  /** The nearest documents, nearest first; never fewer than asked for where there are as many. */
  nearest(caller: Caller, query: VectorQuery): Promise<VectorMatch[]>;
  /** Similarities of given documents; those without a vector are missing. */
  similarities(caller: Caller, query: VectorQuery, numbers: readonly number[]): Promise<Map<number, number>>;
}

/** The table of an index's vectors. The id is PostgreSQL's own number, never a name that somebody chose. */
export function vectorTable(indexId: string): string {
  if (!/^\d+$/.test(indexId)) throw new Error('an index id is a number');
  return `vectors_${indexId}`;
}

/** Removes the vectors of documents that are gone; the same for both ways. */
export async function deleteVectors(
  tx: Transaction,
  caller: Caller,
  indexId: string,
  numbers: readonly number[],
): Promise<void> {
  if (numbers.length === 0) return;
  await tx.query(`DELETE FROM ${vectorTable(indexId)} WHERE tenant = $1 AND number = ANY($2::bigint[])`, [
    caller.tenant,
    numbers,
  ]);
}
