import type { Bitset } from '@genai-platform/common/retrieval';
import { compareCodePoints } from '../codec/code-point-order.ts';
import type { Dictionary } from '../codec/dictionary.ts';
import { createPostings, readPostings } from '../codec/postings.ts';
import type { PartCache } from '../segment/part-cache.ts';
import type { Segment, SegmentRange } from '../segment/segment.ts';
import { part } from '../segment/segment-file.ts';
import type { SimilarWord } from './similar-words.ts';

/** A word that the searcher's documents hold. */
export interface FoundWord {
  readonly word: string;
  readonly terms: readonly string[];
  readonly edits: number;
  /** In how many of the documents looked at it stands. */
  readonly documents: number;
}

/** A segment and those of its documents to look at; all where the mask is undefined. */
export interface WordScope {
  readonly segment: Segment;
  readonly mask: Bitset | undefined;
}

interface Candidate extends SimilarWord {
  readonly scope: WordScope;
}

/**
 * Words by a search in each segment's dictionary, with exact counts over the documents in scope, most frequent
 * first. Where a segment has a mask the words' own postings are counted: a word that stands only in documents
 * outside the mask is not found at all.
 */
export async function findWords(
  scopes: readonly WordScope[],
  parts: PartCache,
  find: (words: Dictionary) => SimilarWord[],
): Promise<FoundWord[]> {
  const dictionaries = await parts.dictionaries(
    scopes.map(({ segment }) => segment),
    part.words,
  );
  const candidates = scopes.flatMap((scope, i) =>
    find(dictionaries[i] as Dictionary).map((word) => ({ ...word, scope })),
  );
  const counts = await countDocuments(candidates, parts);
  const words = new Map<string, { terms: Set<string>; edits: number; documents: number }>();
  candidates.forEach(({ word, term, edits }, i) => {
    const documents = counts[i] as number;
    if (documents === 0) return;
    const known = words.get(word) ?? { terms: new Set(), edits, documents: 0 };
    known.terms.add(term);
    known.documents += documents;
    words.set(word, known);
  });
  return [...words]
    .map(([word, { terms, edits, documents }]) => ({ word, terms: [...terms], edits, documents }))
    .sort((a, b) => b.documents - a.documents || compareCodePoints(a.word, b.word));
}

async function countDocuments(candidates: readonly Candidate[], parts: PartCache): Promise<number[]> {
  const counts = candidates.map(({ entry }) => entry.documents);
  const masked = candidates.flatMap(({ scope }, i) => (scope.mask ? [i] : []));
  const lists = await parts.ranges(masked.map((i) => postingsRange(candidates[i] as Candidate)));
  const postings = createPostings();
  masked.forEach((i, at) => {
    const { scope, entry } = candidates[i] as Candidate;
    readPostings(lists[at] as Uint8Array, entry.documents, postings);
    let visible = 0;
    for (let n = 0; n < postings.count; n++) if (scope.mask?.has(postings.documents[n] as number)) visible++;
    counts[i] = visible;
  });
  return counts;
}

function postingsRange({ scope: { segment }, entry }: Candidate): SegmentRange {
  const [start] = segment.directory[part.wordDocuments] as readonly [number, number];
  return { segment, offset: start + (entry.offsets[0] as number), length: entry.lengths[0] as number };
}
