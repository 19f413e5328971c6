import { createPostings, readPositions, readPostings } from '../codec/postings.ts';
import type { TermPostings } from './clause-postings.ts';

/** How often a phrase stands in each document that has it: ordinal to count. */
export type PhraseFrequencies = ReadonlyMap<number, number>;

/**
 * Documents in which all terms stand at their offsets from one place, with the number of such places. The rarest
 * term goes first, so that later ones keep positions only for documents that can still match.
 */
export function phraseFrequencies(terms: readonly TermPostings[]): PhraseFrequencies {
  const byRarity = [...terms].sort((a, b) => a.count - b.count);
  let starts: Map<number, number[]> | undefined;
  for (const term of byRarity) starts = meet(term, starts);
  return new Map([...(starts ?? [])].map(([document, places]) => [document, places.length]));
}

/** Places where a phrase may start by this term, kept where every earlier term agrees. */
function meet(term: TermPostings, agreed: ReadonlyMap<number, number[]> | undefined): Map<number, number[]> {
  const postings = readPostings(term.documents, term.count, createPostings(term.count));
  const next = new Map<number, number[]>();
  readPositions(term.positions as Uint8Array, postings, (index, positions) => {
    const document = postings.documents[index] as number;
    const before = agreed?.get(document);
    if (agreed && !before) return;
    const starts = positions.map((position) => position - term.offset).filter((start) => start >= 0);
    const common = before ? starts.filter((start) => before.includes(start)) : starts;
    if (common.length > 0) next.set(document, common);
  });
  return next;
}
