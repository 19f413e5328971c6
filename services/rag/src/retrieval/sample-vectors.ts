import { dotProduct } from '@genai-platform/common/retrieval';
import { LRUCache } from 'lru-cache';
import type { SpaceRow } from '../store/collection-rows.ts';
import type { Asking } from '../store/nearest-chunks.ts';
import { readVectors } from '../store/space-rows.ts';

/** For all collections together: some hundred samples of 64 vectors of 384 dimensions. */
const MAX_BYTES = 16 * 1024 * 1024;
const ENTRY_BYTES = 200;

/**
 * Directions of the vectors of the chunks that stand for all others. Query after query looks at the same ones; neither the
 * vector of a chunk nor the chunk of a number ever becomes another, so that they are read once.
 */
export class SampleVectors {
  readonly #known = new LRUCache<string, Float32Array>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ byteLength }) => byteLength + ENTRY_BYTES,
  });

  /** The cosine of the angle to each of the chunks, those that have a vector. */
  async similarities(
    { db, caller, signal }: Asking,
    space: SpaceRow,
    numbers: readonly number[],
    vector: ArrayLike<number>,
  ): Promise<number[]> {
    const keyOf = (number: number): string => `${space.key}/${number}`;
    const missing = numbers.filter((number) => !this.#known.has(keyOf(number)));
    if (missing.length > 0) {
      const read = await db.withTransaction({ identity: caller, signal, readOnly: true }, (tx) =>
        readVectors(tx, caller, space, missing),
      );
      for (const [number, other] of read) this.#known.set(keyOf(number), unitVector(other));
    }
    const direction = unitVector(vector);
    return numbers.flatMap((number) => {
      const other = this.#known.get(keyOf(number));
      return other === undefined ? [] : dotProduct(direction, other);
    });
  }
}

/** The vector of its direction with length 1; of nothing, nothing. */
function unitVector(vector: ArrayLike<number>): Float32Array {
  const scale = 1 / (Math.sqrt(dotProduct(vector, vector)) || 1);
  return Float32Array.from(vector, (value) => value * scale);
}
