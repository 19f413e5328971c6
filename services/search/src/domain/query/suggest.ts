import { Bitset } from '@genai-platform/common/retrieval';
import { readClausePostings } from '../ranking/clause-postings.ts';
import { MatchArena } from '../ranking/match-arena.ts';
import type { VisibleSegment } from '../ranking/visibility.ts';
import type { PartCache } from '../segment/part-cache.ts';
import type { Clause } from './clause.ts';
import { allowedEdits } from './expand-clauses.ts';
import { findWords } from './find-words.ts';
import type { FoundWord, WordScope } from './find-words.ts';
import { similarWords, wordsWithPrefix } from './similar-words.ts';

export interface SuggestInput {
  /** The words before the last: completions are counted in the documents that have all of them. */
  readonly context: readonly Clause[];
  readonly prefix: string;
  readonly typos: boolean;
  readonly limit: number;
}

/** Words that complete the last one typed, by the number of visible documents that have them with the words before. */
export async function suggestWords(
  { context, prefix, typos, limit }: SuggestInput,
  visible: readonly VisibleSegment[],
  parts: PartCache,
): Promise<FoundWord[]> {
  const scopes = context.length === 0 ? visible : await scopesWith(context, visible, parts);
  const words = await findWords(scopes, parts, (dictionary) => wordsWithPrefix(dictionary, prefix));
  const edits = allowedEdits(prefix);
  if (words.length >= limit || !typos || edits === 0) return words.slice(0, limit);
  const near = await findWords(scopes, parts, (dictionary) => similarWords(dictionary, prefix, edits, true));
  const exact = new Set(words.map(({ word }) => word));
  const corrected = near.filter(({ word }) => !exact.has(word)).sort((a, b) => a.edits - b.edits);
  return [...words, ...corrected].slice(0, limit);
}

/** Narrows each segment to the visible documents that match every clause. */
async function scopesWith(
  context: readonly Clause[],
  visible: readonly VisibleSegment[],
  parts: PartCache,
): Promise<WordScope[]> {
  const postings = await readClausePostings(
    context,
    visible.map(({ segment }) => segment),
    {},
    parts,
  );
  const arena = new MatchArena();
  return visible.map(({ segment, mask }, at) => {
    const sets = context.map((_clause, index) => {
      const set = new Bitset(segment.documents);
      const { start, end } = arena.match(postings[at]?.[index] ?? [], segment.documents, mask);
      for (let i = start; i < end; i++) set.add(arena.ordinals[i] as number);
      return set;
    });
    return { segment, mask: sets.reduce((all, set) => all.and(set)) };
  });
}
