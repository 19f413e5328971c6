import { inverseDocumentFrequency, lengthNorm, saturate } from '@genai-platform/common/retrieval';
import { readPostings, createPostings } from './codec/postings.ts';
import type { RankedQuery } from './lexical-search.ts';
import { readClausePostings } from './ranking/clause-postings.ts';
import type { FieldPostings } from './ranking/clause-postings.ts';
import { MatchArena } from './ranking/match-arena.ts';
import { phraseFrequencies } from './ranking/phrase.ts';
import type { VisibleSegment } from './ranking/visibility.ts';
import type { PartCache } from './segment/part-cache.ts';
import { part } from './segment/segment-file.ts';
import type { IndexSettings } from './settings.ts';

/** One match of a clause in a document. */
export interface ExplainedMatch {
  readonly field: string;
  readonly terms: readonly string[];
  /** The word that stands in for the one typed. */
  readonly correction: string | undefined;
  readonly frequency: number;
  readonly weight: number;
}

export interface ExplainedClause {
  readonly words: string;
  readonly boost: number;
  /** n: visible documents that match the clause. */
  readonly documents: number;
  readonly idf: number;
  /** Weighted frequency over fields and alternatives. */
  readonly frequency: number;
  readonly score: number;
  readonly matches: readonly ExplainedMatch[];
}

/** How a document came by its score: the numbers of BM25, clause by clause. Their scores add up to the score. */
export interface Explanation {
  readonly score: number;
  readonly length: number;
  readonly averageLength: number;
  readonly documents: number;
  readonly norm: number;
  readonly clauses: readonly ExplainedClause[];
}

/** Explains the score of one visible document, or undefined where the searcher may not see it. */
export async function explainDocument(
  query: RankedQuery,
  number: number,
  { visible, settings, parts }: { visible: readonly VisibleSegment[]; settings: IndexSettings; parts: PartCache },
): Promise<Explanation | undefined> {
  const at = visible.findIndex(({ segment }) => segment.numbers.ordinalOf(number) >= 0);
  const home = visible[at];
  const ordinal = home?.segment.numbers.ordinalOf(number) ?? -1;
  if (!home || home.mask?.has(ordinal) === false) return undefined;
  const { documents, averageLength } = query.statistics;
  const length = await weightedLength(query, home, { ordinal, parts });
  const norm = lengthNorm(settings.bm25, length, averageLength);
  const segments = visible.map(({ segment }) => segment);
  const postings = await readClausePostings(query.clauses ?? [], segments, query.weights, parts);
  const arena = new MatchArena();
  const clauses = (query.clauses ?? []).map((clause, index): ExplainedClause => {
    const matching = visible.reduce((sum, { segment, mask }, i) => {
      const { start, end } = arena.match(postings[i]?.[index] ?? [], segment.documents, mask);
      return sum + end - start;
    }, 0);
    const idf = query.idfs?.[index] ?? inverseDocumentFrequency(documents, matching);
    const matches = (postings[at]?.[index] ?? []).flatMap((list) => explainList(list, ordinal));
    const frequency = matches.reduce((sum, match) => sum + match.weight * match.frequency, 0);
    const score = frequency === 0 ? 0 : clause.boost * idf * saturate(frequency, norm);
    return { words: clause.label, boost: clause.boost, documents: matching, idf, frequency, score, matches };
  });
  const score = clauses.reduce((sum, clause) => sum + clause.score, 0);
  return { score, length, averageLength, documents, norm, clauses };
}

async function weightedLength(
  { weights }: RankedQuery,
  { segment }: VisibleSegment,
  { ordinal, parts }: { ordinal: number; parts: PartCache },
): Promise<number> {
  let length = 0;
  for (const [field, weight] of Object.entries(weights)) {
    const [lengths] = await parts.lengths([segment], part.lengths(field));
    length += weight * (lengths?.[ordinal] ?? 0);
  }
  return length;
}

function explainList({ field, alternative, weight, terms }: FieldPostings, ordinal: number): ExplainedMatch[] {
  const frequency = terms.length > 1 ? (phraseFrequencies(terms).get(ordinal) ?? 0) : frequencyIn(terms[0], ordinal);
  if (frequency === 0) return [];
  return [
    {
      field,
      terms: alternative.terms.map(({ term }) => term),
      correction: alternative.correction,
      frequency,
      weight,
    },
  ];
}

function frequencyIn(term: FieldPostings['terms'][number] | undefined, ordinal: number): number {
  if (!term) return 0;
  const { documents, frequencies, count } = readPostings(term.documents, term.count, createPostings(term.count));
  const at = documents.subarray(0, count).indexOf(ordinal);
  return at < 0 ? 0 : (frequencies[at] as number);
}
