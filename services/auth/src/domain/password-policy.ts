import { COMMON_WORDS } from './common-words.ts';

/** ASVS 4.0.3, 2.1.1 and 2.1.2: at least 12 characters, 64 and more allowed, no rules of composition. */
export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 128;

const MIN_DISTINCT = 5;
const SEQUENCES = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop'];
const SEQUENCE_LENGTH = 4;
/** Every piece of a sequence in both directions, the longest first. */
const RUNS: readonly string[] = SEQUENCES.flatMap((sequence) => [sequence, [...sequence].reverse().join('')])
  .flatMap((line) =>
    [...line].flatMap((_, at) => [...line.slice(at)].map((_character, length) => line.slice(at, at + length + 1))),
  )
  .filter((run) => run.length >= SEQUENCE_LENGTH)
  .sort((a, b) => b.length - a.length);
/** What is left of a password without common words and sequences; the eighth character is where guessing ends. */
const MIN_OWN_CHARACTERS = 6;
const LOOKALIKES: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' }; // prettier-ignore

/**
 * Why a password is too easy to guess, in words for the user; undefined where it is not. `personal` is what a guesser
 * tries first: address, name.
 */
export function passwordWeakness(password: string, personal: readonly string[]): string | undefined {
  const text = password.normalize('NFKC').toLowerCase();
  if ([...text].length < PASSWORD_MIN) return `must have at least ${PASSWORD_MIN} characters`;
  if (new Set(text).size < MIN_DISTINCT) return 'repeats a few characters';
  const known = [...personal.flatMap(wordsOf), ...COMMON_WORDS];
  if (ownCharacters(text, known) < MIN_OWN_CHARACTERS) return 'is made of common words, names or sequences';
  return undefined;
}

/** How many different characters are left when everything that a guesser knows is taken out. */
function ownCharacters(text: string, known: readonly string[]): number {
  const candidates = [text, [...text].map((character) => LOOKALIKES[character] ?? character).join('')];
  return Math.min(...candidates.map((candidate) => new Set(without(candidate, known)).size));
}

function without(text: string, known: readonly string[]): string {
  let rest = withoutSequences(text);
  for (const word of known) rest = rest.replaceAll(word, '');
  return rest.replaceAll(/[\s\d!?.,_-]+$/g, '');
}

function withoutSequences(text: string): string {
  return RUNS.reduce((rest, run) => rest.replaceAll(run, ''), text);
}

function wordsOf(personal: string): string[] {
  return personal.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length >= 4); // prettier-ignore
}
