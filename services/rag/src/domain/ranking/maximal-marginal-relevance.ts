import { dotProduct } from '@genai-platform/common/retrieval';

/** A candidate with its relevance, from 0 to 1, and its vector of length 1. */
export interface Candidate {
  readonly relevance: number;
  readonly vector: ArrayLike<number> | undefined;
}

/**
 * Picks `count` candidates that are relevant and unlike each other: each next one has the greatest
 * lambda * relevance - (1 - lambda) * similarity to what is picked (Carbonell and Goldstein, SIGIR 1998).
 *
 * @returns places in `candidates`, in the order in which they were picked
 */
export function diversify(candidates: readonly Candidate[], count: number, lambda: number): number[] {
  const picked: number[] = [];
  const nearest = candidates.map(() => 0);
  const left = new Set(candidates.keys());
  while (picked.length < count && left.size > 0) {
    let best = -1;
    let bestScore = -Infinity;
    for (const i of left) {
      const score = lambda * (candidates[i] as Candidate).relevance - (1 - lambda) * (nearest[i] as number);
      if (score > bestScore) [best, bestScore] = [i, score];
    }
    left.delete(best);
    picked.push(best);
    for (const i of left) {
      nearest[i] = Math.max(
        nearest[i] as number,
        similarity(candidates[i] as Candidate, candidates[best] as Candidate),
      );
    }
  }
  return picked;
}

function similarity({ vector: a }: Candidate, { vector: b }: Candidate): number {
  return a === undefined || b === undefined ? 0 : dotProduct(a, b);
}
