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
 * The usual measures as trec_eval computes them: relevant is a grade above 0, gains of nDCG are the grades themselves
 * (Järvelin and Kekäläinen, TOIS 2002), precision divides by the cutoff even where fewer documents were found.
 *
 * @param ranked ids of the documents found, best first
 */
export function retrievalMetrics(ranked: readonly string[], judgements: Judgements): RetrievalMetrics {
  const grades = ranked.map((id) => Math.max(0, judgements[id] ?? 0));
  const ideal = Object.values(judgements)
    .filter((grade) => grade > 0)
    .sort((a, b) => b - a);
  const relevant = ideal.length;
  const found = (cutoff: number): number => grades.slice(0, cutoff).filter((grade) => grade > 0).length;
  const first = grades.findIndex((grade) => grade > 0);
  return {
    average_precision: ratio(sumOfPrecisions(grades), relevant),
    ndcg_10: ratio(discountedGain(grades, 10), discountedGain(ideal, 10)),
    recall_100: ratio(found(100), relevant),
    precision_10: found(10) / 10,
    precision_30: found(30) / 30,
    reciprocal_rank: first < 0 ? 0 : 1 / (first + 1),
  };
}

/** The mean of each measure over queries. */
export function meanMetrics(metrics: readonly RetrievalMetrics[]): RetrievalMetrics {
  const mean = (name: keyof RetrievalMetrics): number =>
    ratio(
      metrics.reduce((sum, each) => sum + each[name], 0),
      metrics.length,
    );
  return {
    average_precision: mean('average_precision'),
    ndcg_10: mean('ndcg_10'),
    recall_100: mean('recall_100'),
    precision_10: mean('precision_10'),
    precision_30: mean('precision_30'),
    reciprocal_rank: mean('reciprocal_rank'),
  };
}

function sumOfPrecisions(grades: readonly number[]): number {
  let relevant = 0;
  let sum = 0;
  grades.forEach((grade, rank) => {
    if (grade > 0) sum += ++relevant / (rank + 1);
  });
  return sum;
}

function discountedGain(grades: readonly number[], cutoff: number): number {
  return grades.slice(0, cutoff).reduce((sum, grade, rank) => sum + grade / Math.log2(rank + 2), 0);
}

/** Nothing judged relevant means nothing to find: 0, never NaN. */
function ratio(value: number, of: number): number {
  return of === 0 ? 0 : value / of;
}
