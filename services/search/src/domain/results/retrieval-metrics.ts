import {
  averagePrecision,
  mean,
  normalizedGain,
  recall,
  reciprocalRank,
  relevantWithin,
} from '@genai-platform/common/retrieval';

/** Judged grades of one query's documents, by id; a document that is not listed is not relevant. */
export type Judgements = Readonly<Record<string, number>>;

/** Quality of one ranked list. */
export interface RetrievalMetrics {
  readonly average_precision: number;
  readonly ndcg_10: number;
  readonly recall_100: number;
  readonly precision_10: number;
  readonly precision_30: number;
  readonly reciprocal_rank: number;
}

/**
 * The usual measures as trec_eval computes them; precision divides by the cutoff even where fewer documents were found.
 *
 * @param ranked ids of the documents found, best first
 */
export function retrievalMetrics(ranked: readonly string[], judgements: Judgements): RetrievalMetrics {
  const grades = ranked.map((id) => Math.max(0, judgements[id] ?? 0));
  const ideal = Object.values(judgements)
    .filter((grade) => grade > 0)
    .sort((a, b) => b - a);
  return {
    average_precision: averagePrecision(grades, ideal.length),
    ndcg_10: normalizedGain(grades, ideal, 10),
    recall_100: recall(grades, ideal.length, 100),
    precision_10: relevantWithin(grades, 10) / 10,
    precision_30: relevantWithin(grades, 30) / 30,
    reciprocal_rank: reciprocalRank(grades),
  };
}

/** The mean of each measure over queries; 0 of none. */
export function meanMetrics(metrics: readonly RetrievalMetrics[]): RetrievalMetrics {
  const meanOf = (name: keyof RetrievalMetrics): number => mean(metrics.map((each) => each[name]));
  return {
    average_precision: meanOf('average_precision'),
    ndcg_10: meanOf('ndcg_10'),
    recall_100: meanOf('recall_100'),
    precision_10: meanOf('precision_10'),
    precision_30: meanOf('precision_30'),
    reciprocal_rank: meanOf('reciprocal_rank'),
  };
}
