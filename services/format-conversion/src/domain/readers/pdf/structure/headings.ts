import { isWholly, type BodyStyle } from './body-style.ts';
import type { Group } from './groups.ts';

const MAX_LINES = 4;
const MAX_CHARACTERS = 220;
const LARGER = 1.12;
/** Names of figures and tables are set apart like headings, and are none. */
export const CAPTION: RegExp =
  /^[[(<〈【]?\s*(fig(ure|\.)?|table|tab\.|listing|chart|diagram|algorithm|abb(ildung|\.)|tabelle|tableau|표|그림|図|表|图)\s*\[?\d/i;

/** Whether lines in this setting are a heading: larger than the text, or set in its own face and short. */
export function isHeading(group: Group, body: BodyStyle): boolean {
  const text = group.lines
    .map((line) => line.text)
    .join(' ')
    .trim();
  if (group.lines.length > MAX_LINES || text.length > MAX_CHARACTERS || !isTitleText(group, text)) return false;
  if (group.size >= body.size * LARGER) return !/[;,]$/.test(text);
  return (
    group.size >= body.size * 0.93 && group.lines.length <= 2 && !/[.,;:]$/.test(text) && isSetApart(group, text, body)
  );
}

/** Words, and neither code nor a formula nor the name of a figure. */
function isTitleText(group: Group, text: string): boolean {
  if (group.monospaced || CAPTION.test(text) || !/\p{L}{2}/u.test(text)) return false;
  return !group.lines.every((line) => isWholly(line, 'math'));
}

/** Of the text's size, but in a face of its own. Italics also stress words, so they must look like a title. */
function isSetApart({ bold, italic, lines }: Group, text: string, body: BodyStyle): boolean {
  if (bold && !body.bold) return true;
  return italic && !body.italic && lines.length === 1 && text.length < 80 && /^[\p{Lu}\d]/u.test(text);
}

/** Gives headings levels: each setting (size, then weight) one, the largest first. */
export function headingLevels(headings: readonly Group[]): (group: Group) => number {
  const ranks = [...new Set(headings.map(rankOf))].sort((a, b) => b - a);
  const [first, second] = headings;
  // Level 1 is a title's: alone in its setting, before all others. Sections begin at 2, as under a title.
  const titled =
    first !== undefined &&
    second !== undefined &&
    rankOf(first) === ranks[0] &&
    headings.filter((other) => rankOf(other) === ranks[0]).length === 1;
  return (group) => Math.min(ranks.indexOf(rankOf(group)) + (titled ? 1 : 2), 6);
}

function rankOf({ size, bold }: Group): number {
  return Math.round(size * 2) * 2 + (bold ? 1 : 0);
}
