import type { Postgres } from '@genai-platform/common';
import type { Caller } from '../store/caller.ts';
import { readChunks } from '../store/chunk-rows.ts';
import type { ChunkRow } from '../store/chunk-rows.ts';
import type { Ranked } from './rank-collection.ts';

/** The chunks of candidates, of those that are still there. */
export async function readRanked<R extends Ranked>(
  db: Postgres,
  caller: Caller,
  ranked: readonly R[],
  signal: AbortSignal,
): Promise<Map<R, ChunkRow>> {
  const groups = Map.groupBy(ranked, ({ collection }) => collection.key);
  const wanted = Array.from(groups, ([collection, some]) => ({
    collection,
    numbers: some.map(({ number }) => number),
  }));
  const rows = await readChunks(db, caller, wanted, signal);
  const known = new Map(rows.map((row) => [`${row.collection}/${row.number}`, row]));
  return new Map(
    ranked.flatMap((one) => {
      const row = known.get(`${one.collection.key}/${one.number}`);
      return row === undefined ? [] : [[one, row] as const];
    }),
  );
}
