import type { Analyzer } from '@genai-platform/common/retrieval';
import type { PlacedTerm } from '../query/clause.ts';

/** A range of a text in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A piece of a text with the places that matched; offsets are those of the whole text. */
export interface Fragment extends Span {
  readonly text: string;
  readonly spans: readonly Span[];
}

export interface HighlightOptions {
  /** Characters of a fragment, about. */
  readonly size: number;
  readonly count: number;
}

/** Texts beyond this are highlighted in their first part only. */
const MAX_TEXT = 200_000;

interface Match extends Span {
  readonly term: string;
}

/**
 * The best pieces of a text for some terms and phrases: those with the most different terms, then the most matches.
 * Every piece and every span is the text verbatim.
 */
export function highlight(
  text: string,
  analyzer: Analyzer,
  wanted: readonly (readonly PlacedTerm[])[],
  { size, count }: HighlightOptions,
): Fragment[] {
  const matches = findMatches(text.slice(0, MAX_TEXT), analyzer, wanted);
  const chosen: Span[] = [];
  const candidates = matches
    .map((_match, first) => window(matches, first, size))
    .sort((a, b) => b.terms - a.terms || b.matches - a.matches || a.start - b.start);
  for (const candidate of candidates) {
    if (chosen.length === count) break;
    const piece = widen(text, candidate, size);
    if (!chosen.some((other) => piece.start < other.end && other.start < piece.end)) chosen.push(piece);
  }
  return chosen
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }) => ({
      text: text.slice(start, end),
      start,
      end,
      spans: matches
        .filter((match) => match.start >= start && match.end <= end)
        .map(({ start, end }) => ({ start, end })),
    }));
}

/** All places of the wanted terms; words of a phrase count only where the whole phrase stands. */
function findMatches(text: string, analyzer: Analyzer, wanted: readonly (readonly PlacedTerm[])[]): Match[] {
  const byPosition = new Map<number, Match>();
  analyzer.analyze(text, ({ term }, start, end, position) => {
    if (term !== undefined) byPosition.set(position, { term, start, end });
  });
  const found = new Set<Match>();
  const single = new Set(wanted.filter(({ length }) => length === 1).map(([only]) => (only as PlacedTerm).term));
  const phrases = wanted.filter(({ length }) => length > 1);
  for (const [position, match] of byPosition) {
    if (single.has(match.term)) found.add(match);
    for (const phrase of phrases) {
      const words = phrase.map(({ offset }) => byPosition.get(position + offset));
      if (words.every((word, i) => word?.term === phrase[i]?.term)) words.forEach((word) => found.add(word as Match));
    }
  }
  return [...found].sort((a, b) => a.start - b.start);
}

/** From one match as far as a fragment reaches. */
function window(matches: readonly Match[], first: number, size: number): Span & { terms: number; matches: number } {
  const { start } = matches[first] as Match;
  const terms = new Set<string>();
  let end = start;
  let at = first;
  for (; at < matches.length; at++) {
    const match = matches[at] as Match;
    if (at > first && match.end - start > size) break;
    terms.add(match.term);
    end = match.end;
  }
  return { start, end, terms: terms.size, matches: at - first };
}

/** Fills a window up to the fragment's size on both sides, and ends at spaces so that no word is cut. */
function widen(text: string, { start, end }: Span, size: number): Span {
  const room = Math.max(0, size - (end - start));
  let from = Math.max(0, start - Math.floor(room / 2));
  let to = Math.min(text.length, from + Math.max(size, end - from));
  const before = text.slice(from, start).search(/\s/u);
  if (from > 0) from = before < 0 ? start : from + before + 1;
  const after = text.slice(end, to).search(/\s\S*$/u);
  if (to < text.length) to = after < 0 ? end : end + after;
  return { start: from, end: to };
}
