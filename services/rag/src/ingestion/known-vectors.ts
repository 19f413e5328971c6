import type { Postgres } from '@genai-platform/common';
import type { Caller } from '../store/caller.ts';
import type { CollectionRow } from '../store/collection-rows.ts';
import { readVectors } from '../store/space-rows.ts';

const BATCH = 500;

/** Vectors of chunks that the collection has already, by hash: a new version of a document is mostly the old one. */
export async function knownVectors(
  db: Postgres,
  caller: Caller,
  { key, space }: CollectionRow,
  hashes: readonly Buffer[],
): Promise<Map<string, Float32Array>> {
  const known = new Map<string, Float32Array>();
  if (space === undefined) return known;
  for (let from = 0; from < hashes.length; from += BATCH) {
    const some = hashes.slice(from, from + BATCH);
    await db.withTransaction({ identity: caller, readOnly: true }, async (tx) => {
      const rows = await tx.rows<{ hash: Buffer; number: string }>(
        `SELECT DISTINCT ON (hash) hash, number FROM chunks
          WHERE tenant = $1 AND collection_id = $2 AND hash = ANY($3::bytea[]) ORDER BY hash, number DESC`,
        [caller.tenant, key, some],
      );
      const vectors = await readVectors(tx, caller, space, rows.map(({ number }) => Number(number))); // prettier-ignore
      for (const { hash, number } of rows) {
        const vector = vectors.get(Number(number));
        if (vector !== undefined) known.set(hash.toString('hex'), vector);
      }
    });
  }
  return known;
}
