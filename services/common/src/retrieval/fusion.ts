/** A candidate with its score in each leg; undefined where the leg knows nothing of it. */
export interface Candidate {
  readonly number: number;
  readonly lexical: number | undefined;
  readonly vector: number | undefined;
}

export interface FusedCandidate extends Candidate {
  readonly score: number;
}

export interface FusionOptions {
  readonly method: 'mixture' | 'rrf';
  /** The vector leg's share, from 0 to 1. */
  readonly vectorWeight: number;
}

/** Reciprocal rank fusion's constant (Cormack, Clarke and Büttcher, SIGIR 2009). */
const RRF_K = 60;

/** Puts two rankings into one, best first; equal scores by number. */
export function fuse(candidates: readonly Candidate[], { method, vectorWeight }: FusionOptions): FusedCandidate[] {
  const scale = method === 'rrf' ? reciprocalRanks : minMax;
  const lexical = scale(candidates.map((candidate) => candidate.lexical));
  const vector = scale(candidates.map((candidate) => candidate.vector));
  return candidates
    .map((candidate, i) => ({
      ...candidate,
      score: (1 - vectorWeight) * (lexical[i] as number) + vectorWeight * (vector[i] as number),
    }))
    .sort((a, b) => b.score - a.score || a.number - b.number);
}

/**
 * Scores from 0 (the least of the candidates) to 1 (the best). What a leg does not know gets 0. Keeps how far apart
 * scores are, which ranks forget: with both legs complete it beats reciprocal ranks (Bruch, Gai and Ingber, TOIS 2023).
 */
function minMax(scores: readonly (number | undefined)[]): number[] {
  const known = scores.filter((score) => score !== undefined);
  const least = Math.min(...known);
  const range = Math.max(...known) - least;
  return scores.map((score) => (score === undefined || range === 0 ? 0 : (score - least) / range));
}

/** 1 / (k + rank); equal scores share the better rank. */
function reciprocalRanks(scores: readonly (number | undefined)[]): number[] {
  const sorted = scores.filter((score) => score !== undefined).sort((a, b) => b - a);
  const ranks = new Map<number, number>();
  sorted.forEach((score, i) => {
    if (!ranks.has(score)) ranks.set(score, i + 1);
  });
  return scores.map((score) => (score === undefined ? 0 : 1 / (RRF_K + (ranks.get(score) as number))));
}
