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
  /** Words of the query, and how many of them the document holds that ranks highest by words. */
  readonly words: number;
  readonly wordsOfLexicalBest: number;
}

export type Legs = 'both' | 'lexical' | 'vector';

/**
 * Standard errors that both legs' agreement must exceed. On CACM with vectors of its own texts the least of 64 topics
 * reached 6.2; with vectors that have nothing to do with the query one in fifty topics passes.
 */
const AGREEMENT = 3;

/**
 * Decides which legs of a query say anything. Two legs that rank by relevance agree more than by accident: what one
 * puts first, the other scores above a random sample (one-sided tests of the means, both ways). Where they do not
 * agree, one of them is noise. Words are believed if the best document holds several of them together; else vectors
 * are, if their best document stands out further than the best of so many unrelated vectors would.
 */
export function chooseLegs(evidence: LegEvidence): Legs {
  if (evidence.similaritiesOfVectorTop.length === 0) return 'lexical';
  if (evidence.wordsOfLexicalBest === 0) return 'vector';
  const agreement = Math.min(
    excess(evidence.similaritiesOfLexicalTop, evidence.similaritiesOfSample),
    excess(evidence.lexicalOfVectorTop, evidence.lexicalOfSample),
  );
  // Of a handful of documents no sample can be told from the best.
  if (agreement >= AGREEMENT || evidence.documents <= 2 * evidence.similaritiesOfVectorTop.length) return 'both';
  const coherent = evidence.wordsOfLexicalBest >= Math.min(2, evidence.words);
  return !coherent && standsOut(evidence) ? 'vector' : 'lexical';
}

/** How far the mean of a group lies above that of a sample, in standard errors. */
function excess(group: readonly number[], sample: readonly number[]): number {
  const deviation = standardDeviation(sample);
  const difference = mean(group) - mean(sample);
  if (deviation === 0) return difference > 0 ? Number.POSITIVE_INFINITY : 0;
  return difference / (deviation / Math.sqrt(Math.max(1, group.length)));
}

/** The best of n normal values lie about sqrt(2 ln n) deviations above their mean; meaning lies beyond. */
function standsOut({ similaritiesOfVectorTop, similaritiesOfSample, documents }: LegEvidence): boolean {
  const deviation = standardDeviation(similaritiesOfSample);
  if (deviation === 0) return false;
  const height = (Math.max(...similaritiesOfVectorTop) - mean(similaritiesOfSample)) / deviation;
  return height > Math.sqrt(2 * Math.log(Math.max(2, documents)));
}
