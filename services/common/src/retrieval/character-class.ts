/** What a character is to the tokenizer. */
export const SEPARATOR = 0;
export const LETTER = 1;
export const DIGIT = 2;
/** Scripts written without spaces: Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar. */
export const UNSPACED = 3;
export const APOSTROPHE = 4;
export const NUMBER_POINT = 5;

const UNSPACED_PATTERN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Classes of the basic plane, filled as characters are met: most texts use a few hundred of them. */
const UNKNOWN = 255;
const basicPlane = new Uint8Array(65_536).fill(UNKNOWN);

/** The class of a code point. */
export function characterClass(codePoint: number): number {
  if (codePoint > 0xffff) return classify(codePoint);
  let known = basicPlane[codePoint] as number;
  if (known === UNKNOWN) {
    known = classify(codePoint);
    basicPlane[codePoint] = known;
  }
  return known;
}

function classify(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  if (character === "'" || character === '’') return APOSTROPHE;
  if (character === '.' || character === ',') return NUMBER_POINT;
  if (UNSPACED_PATTERN.test(character)) return UNSPACED;
  if (/[\p{L}\p{M}]/u.test(character)) return LETTER;
  return /\p{N}/u.test(character) ? DIGIT : SEPARATOR;
}
