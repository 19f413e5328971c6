import type { Evidence } from './evidence.ts';

type Weights = Readonly<Record<'bias', number> & Partial<Record<keyof Evidence, number>>>;

/**
 * Logistic regressions, fitted on 1,190 questions (XQuAD, English) asked with and without the paragraph that answers them.
 * With folds by article, so that no fold has seen a question's article, 0.89 of the questions without their paragraph are
 * refused where 0.1 of the others are; `npm run evaluate -- rag` prints the curve.
 */
const WITH_VECTORS: Weights = {
  bias: -14.405,
  similarity: 3.953,
  standsOut: 4.104,
  sentenceSimilarity: 7.295,
  sentenceStandsOut: 12.011,
  coverage: 2.24,
  windowCoverage: 1.875,
  sentenceCoverage: 1.597,
  kind: 0.786,
  coverageLead: 2.962,
};

/** The same without an encoder: 0.81 at 0.1. */
const BY_WORDS: Weights = {
  bias: -6.115,
  coverage: 2.53,
  windowCoverage: 2.392,
  sentenceCoverage: 3.612,
  kind: 0.951,
  coverageLead: 3.186,
};

/** How likely it is that the passages hold the answer, from 0 to 1. */
export function answerability(evidence: Evidence, embedded: boolean): number {
  const { bias, ...weights } = embedded ? WITH_VECTORS : BY_WORDS;
  let sum = bias;
  for (const [name, weight] of Object.entries(weights)) sum += weight * evidence[name as keyof Evidence];
  return 1 / (1 + Math.exp(-sum));
}
