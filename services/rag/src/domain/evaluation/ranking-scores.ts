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
  const places = ranking.flatMap((document, place) => (relevant.has(document) ? [place] : []));
  const [first = Infinity] = places;
  const gains = (all: readonly number[]): number => all.reduce((sum, place) => sum + 1 / Math.log2(place + 2), 0);
  const possible = Array.from({ length: Math.min(relevant.size, ranking.length) }, (_unused, place) => place);
  return {
    hit_at_1: Number(first < 1),
    hit_at_5: Number(first < 5),
    recall: places.length / relevant.size,
    reciprocal_rank: 1 / (first + 1),
    average_precision: places.reduce((sum, place, found) => sum + (found + 1) / (place + 1), 0) / relevant.size,
    ndcg: places.length === 0 ? 0 : gains(places) / gains(possible),
  };
}

/** The mean of each score; null of none. */
export function meanScores(all: readonly RankingScores[]): RankingScores | null {
  const [first] = all;
  if (first === undefined) return null;
  const names = Object.keys(first) as (keyof RankingScores)[];
  const mean = (name: keyof RankingScores): number => all.reduce((sum, scores) => sum + scores[name], 0) / all.length;
  return Object.fromEntries(names.map((name) => [name, mean(name)])) as unknown as RankingScores;
}
