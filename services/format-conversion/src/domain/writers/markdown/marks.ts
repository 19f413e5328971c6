const SPACE = /[\s\u00a0]/;
/** Unicode punctuation and symbols, as CommonMark 0.31.2 section 2.1 defines punctuation. */
const PUNCTUATION = /[\p{P}\p{S}]/u;

/** What stands directly before and after the marked text. */
export interface Surroundings {
  before: string;
  after: string;
}

/** One character, together with the backslash that escapes it; a tag counts as one. */
const UNIT = /<\/?[a-z]+>|\\[!-/:-@[-`{-~]|[^]/gu;

/**
 * Puts emphasis delimiters around rendered content so that they open and close where meant: a delimiter next
 * to punctuation inside and a letter outside is not one (CommonMark 0.31.2, section 6.2, flanking rules). The
 * punctuation then moves out of the mark: `**Term**:text`, for `**Term:**text` would show the asterisks.
 */
export function delimit(content: string, delimiter: string, { before, after }: Surroundings): string {
  const units = content.match(UNIT) ?? [];
  let start = 0;
  let end = units.length;
  while (start < end && !flanks(units[start], units[start - 1] ?? before)) start += 1;
  while (end > start && !flanks(units[end - 1], units[end] ?? after)) end -= 1;
  const inner = units.slice(start, end).join('');
  if (inner === '') return content;
  return `${units.slice(0, start).join('')}${delimiter}${inner}${delimiter}${units.slice(end).join('')}`;
}

/** Whether a delimiter between the two would belong to the inside. */
function flanks(inside = '', outside: string): boolean {
  if (SPACE.test(inside)) return false;
  return !PUNCTUATION.test(inside) || outside === '' || SPACE.test(outside) || PUNCTUATION.test(outside);
}
