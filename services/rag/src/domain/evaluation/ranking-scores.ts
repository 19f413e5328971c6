import {
  averagePrecision,
  mean,
  normalizedGain,
  recall,
  reciprocalRank,
  relevantWithin,
} from '@genai-platform/common/retrieval';

/** How good one ranking is; each from 0 to 1. */
export interface RankingScores {
  readonly hit_at_1: number;
  readonly hit_at_5: number;
  /** Share of the relevant documents among those looked at. */
  readonly recall: number;
  /** 1 over the place of the first relevant document. */
  readonly reciprocal_rank: number;
  readonly average_precision: number;
  readonly ndcg: number;
}

/** Scores documents, best first, against those that are relevant (Manning et al., Introduction to Information Retrieval, 8.4). */
export function scoreRanking(ranking: readonly string[], relevant: ReadonlySet<string>): RankingScores {
  const grades = ranking.map((document) => Number(relevant.has(document)));
  const ideal = Array.from(relevant, () => 1);
  return {
    hit_at_1: Number(relevantWithin(grades, 1) > 0),
    hit_at_5: Number(relevantWithin(grades, 5) > 0),
    recall: recall(grades, relevant.size, grades.length),
    reciprocal_rank: reciprocalRank(grades),
    average_precision: averagePrecision(grades, relevant.size),
    ndcg: normalizedGain(grades, ideal, grades.length),
  };
}

/** The mean of each score; null of none. */
export function meanScores(all: readonly RankingScores[]): RankingScores | null {
  const [first] = all;
  if (first === undefined) return null;
  const names = Object.keys(first) as (keyof RankingScores)[];
  return Object.fromEntries(
    names.map((name) => [name, mean(all.map((scores) => scores[name]))]),
  ) as unknown as RankingScores;
}
