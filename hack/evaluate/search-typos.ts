/** Typing errors of one edit, the same for the same seed. */

const WORD = /[a-z]{4,}/gi;

/** A text with one letter of one of its longer words inserted, dropped, replaced or swapped with its neighbour. */
export function withTypo(text: string, seed: number): string {
  const random = generator(seed);
  const words = [...text.matchAll(WORD)].filter(({ 0: word }) => !COMMON.has(word.toLowerCase()));
  const match = words[Math.floor(random() * words.length)];
  if (!match) return text;
  const [word] = match;
  const at = Math.floor(random() * (word.length - 1));
  const letter = String.fromCharCode(97 + Math.floor(random() * 26));
  const edits = [
    word.slice(0, at) + letter + word.slice(at),
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + letter + word.slice(at + 1),
    word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2),
  ];
  const edited = edits[Math.floor(random() * edits.length)] as string;
  return text.slice(0, match.index) + edited + text.slice(match.index + word.length);
}

/** Words whose loss no search would notice. */
const COMMON = new Set(
  'about also been from have into other some such than that their them then these they this which with'.split(' '),
);

/** A linear congruential generator (Numerical Recipes): not random, but the same everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  next();
  return next;
}
