/**
 * Measures of a ranking as trec_eval computes them. A ranking is the grades of its documents, best first; relevant is a
 * grade above 0, and gains of nDCG are the grades themselves (Järvelin and Kekäläinen, TOIS 2002). Each is from 0 to 1,
 * and 0 where nothing is relevant.
 */

/** @param relevant how many relevant documents there are, found or not */
export function averagePrecision(grades: readonly number[], relevant: number): number {
  let found = 0;
  let sum = 0;
  grades.forEach((grade, place) => {
    if (grade > 0) sum += ++found / (place + 1);
  });
  return ratio(sum, relevant);
}

/** @param ideal the grades of all relevant documents, highest first */
export function normalizedGain(grades: readonly number[], ideal: readonly number[], cutoff: number): number {
  return ratio(discountedGain(grades, cutoff), discountedGain(ideal, cutoff));
}

/** @param relevant how many relevant documents there are, found or not */
export function recall(grades: readonly number[], relevant: number, cutoff: number): number {
  return ratio(relevantWithin(grades, cutoff), relevant);
}

/** How many of the first documents are relevant. */
export function relevantWithin(grades: readonly number[], cutoff: number): number {
  return grades.slice(0, cutoff).filter((grade) => grade > 0).length;
}

/** 1 over the place of the first relevant document. */
export function reciprocalRank(grades: readonly number[]): number {
  const first = grades.findIndex((grade) => grade > 0);
  return first < 0 ? 0 : 1 / (first + 1);
}

function discountedGain(grades: readonly number[], cutoff: number): number {
  return grades.slice(0, cutoff).reduce((sum, grade, place) => sum + grade / Math.log2(place + 2), 0);
}

/** Nothing judged relevant means nothing to find: 0, never NaN. */
function ratio(value: number, of: number): number {
  return of === 0 ? 0 : value / of;
}
