import type { VectorSettings } from '../settings.ts';

/** Nearness of two vectors by each metric, greater is nearer; the same numbers that pgvector's distances give. */
export const SIMILARITIES: Readonly<Record<VectorSettings['metric'], (a: Float32Array, b: Float32Array) => number>> = {
  cosine: (a, b) => dot(a, b) / (Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b))),
  dot,
  euclidean: (a, b) => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
    return 1 / (1 + Math.sqrt(sum));
  },
};

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
