import { APOSTROPHE, DIGIT, LETTER, NUMBER_POINT, SEPARATOR, UNSPACED, characterClass } from './character-class.ts';

/** Called with each token's range in the text, in UTF-16 code units, so that the text's slice is the token verbatim. */
export type VisitToken = (start: number, end: number) => void;

/**
 * Splits a text into words: runs of letters, marks and digits. It follows Unicode's word boundaries (UAX #29) with
 * three choices made for search: an apostrophe joins letters ("don't"), a point or comma joins digits ("3.14",
 * "1,000"), and everything else splits, so that "node.js", "snake_case" and "re-index" are found by their parts.
 * Scripts without spaces give overlapping pairs of characters, as Lucene's CJK analyzer does.
 */
export function tokenize(text: string, visit: VisitToken): void {
  let position = 0;
  while (position < text.length) {
    const codePoint = text.codePointAt(position) as number;
    const kind = characterClass(codePoint);
    if (kind === LETTER || kind === DIGIT) {
      const end = wordEnd(text, position);
      visit(position, end);
      position = end;
    } else if (kind === UNSPACED) position = visitPairs(text, position, visit);
    else position += codePoint > 0xffff ? 2 : 1;
  }
}

function wordEnd(text: string, start: number): number {
  let previous = SEPARATOR;
  let position = start;
  while (position < text.length) {
    const codePoint = text.codePointAt(position) as number;
    const kind = characterClass(codePoint);
    if (kind === LETTER || kind === DIGIT) {
      previous = kind;
      position += codePoint > 0xffff ? 2 : 1;
    } else if (joins(kind, previous, text, position + 1)) position += 1;
    else break;
  }
  return position;
}

/** Whether a mark between two characters holds them together. */
function joins(mark: number, before: number, text: string, next: number): boolean {
  const inner = mark === APOSTROPHE ? LETTER : mark === NUMBER_POINT ? DIGIT : SEPARATOR;
  if (inner === SEPARATOR || before !== inner || next >= text.length) return false;
  return characterClass(text.codePointAt(next) as number) === inner;
}

function visitPairs(text: string, start: number, visit: VisitToken): number {
  const ends: number[] = [];
  let position = start;
  while (position < text.length) {
    const codePoint = text.codePointAt(position) as number;
    if (characterClass(codePoint) !== UNSPACED) break;
    position += codePoint > 0xffff ? 2 : 1;
    ends.push(position);
  }
  if (ends.length === 1) visit(start, position);
  for (let i = 1; i < ends.length; i++) visit(i === 1 ? start : (ends[i - 2] as number), ends[i] as number);
  return position;
}
