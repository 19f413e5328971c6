/** Letters that Unicode does not decompose, by the spelling that people type where the letter is missing. */
const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ё: 'е',
};
const SPECIAL = new RegExp(`[${Object.keys(UNDECOMPOSED).join('')}]`, 'gu');

/** Scripts whose marks a reader may leave out. Elsewhere a mark makes another letter: Cyrillic й, Devanagari vowels. */
const OPTIONAL_MARKS = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}]/u;
// eslint-disable-next-line no-control-regex -- the range of ASCII, control characters included, is what is meant
const ASCII = /^[\x00-\x7f]*$/;

/** Lower case in compatibility form (full-width letters, ligatures), by the rules of the language where they differ. */
export function lowerCase(text: string, language: string): string {
  if (language === 'tr') return text.normalize('NFKC').toLocaleLowerCase('tr');
  return ASCII.test(text) ? text.toLowerCase() : text.normalize('NFKC').toLowerCase();
}

/** Removes accents and the like from a lower-case word: "café" and "cafe" become one term. */
export function foldAccents(word: string): string {
  if (ASCII.test(word)) return word;
  const spelled = word.replace(SPECIAL, (letter) => UNDECOMPOSED[letter] ?? letter);
  if (!OPTIONAL_MARKS.test(spelled)) return spelled;
  return spelled
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC');
}
