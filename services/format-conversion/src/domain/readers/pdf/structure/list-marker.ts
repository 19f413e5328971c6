import type { NumberStyle } from '../../../document/block.ts';

export interface Marker {
  ordered: boolean;
  style: NumberStyle;
  number: number;
  /** Characters of the marker and the space after it. */
  length: number;
}

const BULLET = /^([•◦▪▫●○■□‣⁃∙·➢➤►▶✓✔❖◆◇★☐☑\uF0B7\uF0A7\uF0D8\uF076]|[-–—*](?=\s))\s*/u;
const NUMBER = /^\(?(\d{1,3})[.)]\s+/;
const LETTER = /^\(?([a-z])[.)]\s+/;
const ROMAN = /^\(?([ivx]{2,5})[.)]\s+/;

/** The bullet or number that a line begins with. */
export function markerOf(text: string): Marker | undefined {
  const bullet = BULLET.exec(text);
  if (bullet) return { ordered: false, style: 'decimal', number: 1, length: bullet[0].length };
  const number = NUMBER.exec(text);
  if (number) return { ordered: true, style: 'decimal', number: Number(number[1]), length: number[0].length };
  const roman = ROMAN.exec(text);
  if (roman)
    return { ordered: true, style: 'lower-roman', number: romanValue(roman[1] ?? ''), length: roman[0].length };
  const letter = LETTER.exec(text);
  if (letter)
    return {
      ordered: true,
      style: 'lower-alpha',
      number: (letter[1] ?? 'a').charCodeAt(0) - 96,
      length: letter[0].length,
    };
  return undefined;
}

function romanValue(text: string): number {
  const worth: Readonly<Record<string, number>> = { i: 1, v: 5, x: 10 };
  const digits = [...text].map((digit) => worth[digit] ?? 0);
  return digits.reduce((sum, digit, index) => sum + (digit < (digits[index + 1] ?? 0) ? -digit : digit), 0);
}
