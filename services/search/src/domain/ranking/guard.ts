import { mean, standardDeviation } from './moments.ts';

/** What is known of both legs of one query before they are fused. */
export interface LegEvidence {
  /** Similarities of the documents that rank highest by words. */
  readonly similaritiesOfLexicalTop: readonly number[];
  /** Similarities of documents taken evenly from all that may be found. */
  readonly similaritiesOfSample: readonly number[];
  /** Word scores of the documents that rank highest by vectors. */
  readonly lexicalOfVectorTop: readonly number[];
  /** Word scores of the same sample. */
  readonly lexicalOfSample: readonly number[];
  /** Similarities of the documents that rank highest by vectors. */
  readonly similaritiesOfVectorTop: readonly number[];
  /** Documents that may be found. */
  readonly documents: number;
}

export type Legs = 'both' | 'lexical' | 'vector';

/** Standard errors beyond which an agreement is no accident: one in forty unrelated legs passes. */
const AGREEMENT = 2;

/**
 * Decides which legs of a query say anything. Two legs that rank by relevance agree more than by accident: what one
 * puts first, the other scores above a random sample (a one-sided test of the means). Where neither agrees with the
 * other, one of them is noise. Then vectors are believed only if their best documents stand out further than the
 * best of so many unrelated vectors would; otherwise words are, which at least occur in what they found.
 */
export function chooseLegs(evidence: LegEvidence): Legs {
  if (evidence.lexicalOfVectorTop.every((score) => score === 0) && evidence.similaritiesOfLexicalTop.length === 0)
    return 'vector';
  if (evidence.similaritiesOfVectorTop.length === 0) return 'lexical';
  const agreement = Math.max(
    excess(evidence.similaritiesOfLexicalTop, evidence.similaritiesOfSample),
    excess(evidence.lexicalOfVectorTop, evidence.lexicalOfSample),
  );
  if (agreement >= AGREEMENT) return 'both';
  return standsOut(evidence) ? 'vector' : 'lexical';
}

/** How far the mean of a group lies above that of a sample, in standard errors. */
function excess(group: readonly number[], sample: readonly number[]): number {
  const deviation = standardDeviation(sample);
  if (group.length === 0 || deviation === 0) return 0;
  return (mean(group) - mean(sample)) / (deviation / Math.sqrt(group.length));
}

/** The best of n normal values lie about sqrt(2 ln n) deviations above their mean; meaning lies beyond. */
function standsOut({ similaritiesOfVectorTop, similaritiesOfSample, documents }: LegEvidence): boolean {
  const deviation = standardDeviation(similaritiesOfSample);
  if (deviation === 0) return false;
  const height = (Math.max(...similaritiesOfVectorTop) - mean(similaritiesOfSample)) / deviation;
  return height > 1.25 * Math.sqrt(2 * Math.log(Math.max(2, documents)));
}
