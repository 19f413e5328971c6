import { createPostings, readPostings } from '../codec/postings.ts';
import { readClausePostings } from '../ranking/clause-postings.ts';
import type { FieldPostings } from '../ranking/clause-postings.ts';
import type { VisibleSegment } from '../ranking/visibility.ts';
import type { PartCache } from '../segment/part-cache.ts';
import type { Alternative, Clause } from './clause.ts';
import { findWords } from './find-words.ts';
import type { FoundWord } from './find-words.ts';
import { MAX_PATTERN_LENGTH } from './levenshtein-automaton.ts';
import { similarWords, wordsWithPrefix } from './similar-words.ts';

/** What may be put in the place of a word. */
export interface Expansion {
  /** Words that no visible document holds are read as the nearest ones that some do. */
  readonly typos: boolean;
  /** The last word may be the beginning of one. */
  readonly prefix: boolean;
}

/** A word typed and those it was read as. */
export interface Correction {
  readonly from: string;
  readonly to: readonly string[];
}

export interface ExpandedClauses {
  readonly clauses: readonly Clause[];
  readonly corrections: readonly Correction[];
}

/** A completion counts less than the word itself, a correction less with each edit. */
const COMPLETION_WEIGHT = 0.7;
const EDIT_WEIGHT = 0.7;
const MAX_COMPLETIONS = 30;
const MAX_CORRECTIONS = 6;

/** Edits allowed in a word: none in short ones, which have too many neighbours, and none in numbers and codes. */
export function allowedEdits(word: string): number {
  const { length } = [...word];
  if (/\p{N}/u.test(word)) return 0;
  if (length < 4 || length > MAX_PATTERN_LENGTH) return 0;
  return length < 8 ? 1 : 2;
}

/** Adds completions of the last word and corrections of unknown words to the clauses of a query. */
export async function expandClauses(
  clauses: readonly Clause[],
  expansion: Expansion,
  {
    visible,
    parts,
    wordOf,
  }: { visible: readonly VisibleSegment[]; parts: PartCache; wordOf: (token: string) => string },
): Promise<ExpandedClauses> {
  const expanded = [...clauses];
  const corrections: Correction[] = [];
  if (expansion.prefix) await completeLast(expanded, { visible, parts, wordOf });
  if (!expansion.typos) return { clauses: expanded, corrections };
  const known = await knownClauses(expanded, visible, parts);
  for (const [index, clause] of expanded.entries()) {
    if (known[index] || !isWord(clause)) continue;
    const word = wordOf(clause.label);
    const words = await nearestWords(word, visible, parts);
    if (words.length === 0) continue;
    expanded[index] = withWords(clause, words, ({ edits }) => EDIT_WEIGHT ** edits);
    corrections.push({ from: clause.label, to: words.map((found) => found.word) });
  }
  return { clauses: expanded, corrections };
}

type Lookup = { visible: readonly VisibleSegment[]; parts: PartCache; wordOf: (token: string) => string };

async function completeLast(clauses: Clause[], { visible, parts, wordOf }: Lookup): Promise<void> {
  const index = clauses.findLastIndex(isWord);
  const clause = clauses[index];
  if (!clause) return;
  const prefix = wordOf(clause.label);
  const words = await findWords(visible, parts, (dictionary) => wordsWithPrefix(dictionary, prefix));
  const completions = words.filter(({ word }) => word !== prefix).slice(0, MAX_COMPLETIONS);
  clauses[index] = withWords(clause, completions, () => COMPLETION_WEIGHT);
}

/** The words with the fewest edits, the most frequent of them first. */
async function nearestWords(word: string, visible: readonly VisibleSegment[], parts: PartCache): Promise<FoundWord[]> {
  for (let edits = 1; edits <= allowedEdits(word); edits++) {
    const words = await findWords(visible, parts, (dictionary) => similarWords(dictionary, word, edits));
    if (words.length > 0) return words.slice(0, MAX_CORRECTIONS);
  }
  return [];
}

/** Which clauses have at least one visible document. */
async function knownClauses(
  clauses: readonly Clause[],
  visible: readonly VisibleSegment[],
  parts: PartCache,
): Promise<boolean[]> {
  const segments = visible.map(({ segment }) => segment);
  const postings = await readClausePostings(clauses, segments, {}, parts);
  return clauses.map((_clause, index) =>
    visible.some((segment, at) => (postings[at]?.[index] ?? []).some((list) => hasVisible(list, segment))),
  );
}

function hasVisible({ terms }: FieldPostings, { mask }: VisibleSegment): boolean {
  if (!mask) return true;
  // For a phrase each word is asked for: it is words that are corrected, not their order.
  return terms.every((term) => {
    const { documents, count } = readPostings(term.documents, term.count, createPostings(term.count));
    for (let i = 0; i < count; i++) if (mask.has(documents[i] as number)) return true;
    return false;
  });
}

function isWord({ alternatives }: Clause): boolean {
  return alternatives[0]?.terms.length === 1;
}

/** Adds words as alternatives, each term once with its greatest weight. */
function withWords(clause: Clause, words: readonly FoundWord[], weightOf: (word: FoundWord) => number): Clause {
  const fields = [...new Set(clause.alternatives.flatMap((alternative) => alternative.fields))];
  const typed = new Set(clause.alternatives.map(({ terms }) => terms[0]?.term));
  const added = new Map<string, Alternative>();
  for (const found of words)
    for (const term of found.terms) {
      if (typed.has(term) || added.has(term)) continue;
      added.set(term, { terms: [{ term, offset: 0 }], fields, weight: weightOf(found), correction: found.word });
    }
  return { ...clause, alternatives: [...clause.alternatives, ...added.values()] };
}
