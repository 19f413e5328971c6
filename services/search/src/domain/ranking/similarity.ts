import { dotProduct } from '@genai-platform/common/retrieval';
import type { VectorSettings } from '../settings.ts';

/** Nearness of two vectors by each metric, greater is nearer; the same numbers that pgvector's distances give. */
export const SIMILARITIES: Readonly<Record<VectorSettings['metric'], (a: Float32Array, b: Float32Array) => number>> = {
  cosine: (a, b) => dotProduct(a, b) / (Math.sqrt(dotProduct(a, a)) * Math.sqrt(dotProduct(b, b))),
  dot: dotProduct,
  euclidean: (a, b) => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
    return 1 / (1 + Math.sqrt(sum));
  },
};
