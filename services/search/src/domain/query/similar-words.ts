import { parseWordKey } from '@genai-platform/common/retrieval';
import type { Dictionary, DictionaryCursor, DictionaryEntry } from '../codec/dictionary.ts';
import { LevenshteinAutomaton } from './levenshtein-automaton.ts';

/** A word of a segment's dictionary near the one typed. */
export interface SimilarWord {
  readonly word: string;
  readonly term: string;
  readonly edits: number;
  readonly entry: DictionaryEntry;
}

const encoder = new TextEncoder();

/** All words of a segment that begin with `prefix`. */
export function wordsWithPrefix(words: Dictionary, prefix: string): SimilarWord[] {
  const bytes = encoder.encode(prefix);
  const found: SimilarWord[] = [];
  for (const cursor = words.seek(bytes); cursor.valid && startsWith(cursor, bytes); cursor.next())
    found.push(similarWord(cursor, 0));
  return found;
}

/**
 * All words of a segment within `edits` of `pattern`: the automaton walks the sorted dictionary, keeps the states of
 * the beginning that two neighbours share, and passes over every word that begins with what it already refused
 * (Schulz and Mihov, Fast string correction with Levenshtein automata, IJDAR 5, 2002).
 *
 * @param beginning whether it is enough that a beginning of the word is that near
 */
export function similarWords(words: Dictionary, pattern: string, edits: number, beginning = false): SimilarWord[] {
  const walk = new DictionaryWalk(new LevenshteinAutomaton(pattern, edits), beginning);
  const found: SimilarWord[] = [];
  const cursor = words.cursor();
  while (cursor.valid) {
    const distance = walk.distance(cursor);
    if (distance >= 0) found.push(similarWord(cursor, distance));
    if (walk.refused === undefined) cursor.next();
    else cursor.skipPrefix(walk.refused);
  }
  return found;
}

/** The automaton's states along the word that a cursor is at, by depth in bytes. */
class DictionaryWalk {
  readonly #automaton: LevenshteinAutomaton;
  readonly #beginning: boolean;
  #states: Int32Array;
  /** Fewest edits with which some beginning up to each depth was accepted, or -1. */
  #best: Int32Array;
  #known = 0;
  /** Bytes of the last word that no word within reach begins with; undefined where there are none. */
  refused: number | undefined;

  constructor(automaton: LevenshteinAutomaton, beginning: boolean) {
    this.#automaton = automaton;
    this.#beginning = beginning;
    this.#states = new Int32Array(256 * automaton.width);
    this.#best = new Int32Array(256).fill(-1);
    automaton.start(this.#states);
  }

  /** Edits between the pattern and the cursor's word, or -1 where there are too many. */
  distance(cursor: DictionaryCursor): number {
    this.#reserve(cursor.length + 1);
    let depth = Math.min(cursor.shared, this.#known);
    let alive = true;
    while (alive && depth < cursor.length && cursor.buffer[depth] !== 0) alive = this.#advance(cursor.buffer, depth++);
    this.#known = depth;
    const { width } = this.#automaton;
    const exact = alive ? this.#automaton.edits(this.#states, depth * width) : -1;
    const distance = this.#beginning ? fewest(exact, this.#best[depth] as number) : exact;
    this.refused = !alive && distance < 0 ? depth : undefined;
    // States after the letter that ended it are dead; a neighbour must not start from them.
    if (!alive) this.#known = depth - 1;
    return distance;
  }

  /** Reads the byte at `depth`; false where no word can follow. */
  #advance(buffer: Uint8Array, depth: number): boolean {
    const { width } = this.#automaton;
    const from = depth * width;
    const letter = letterEndingAt(buffer, depth);
    let alive = true;
    if (letter < 0) this.#states.copyWithin(from + width, from, from + width);
    else alive = this.#automaton.step(this.#states, letter, from, from + width);
    const accepted = alive && letter >= 0 ? this.#automaton.edits(this.#states, from + width) : -1;
    this.#best[depth + 1] = fewest(accepted, this.#best[depth] as number);
    return alive;
  }

  #reserve(depth: number): void {
    if (depth < this.#best.length) return;
    const best = new Int32Array(depth * 2).fill(-1);
    best.set(this.#best);
    this.#best = best;
    const states = new Int32Array(depth * 2 * this.#automaton.width);
    states.set(this.#states);
    this.#states = states;
  }
}

function fewest(a: number, b: number): number {
  if (a < 0) return b;
  return b < 0 ? a : Math.min(a, b);
}

function similarWord(cursor: DictionaryCursor, edits: number): SimilarWord {
  return { ...parseWordKey(cursor.term()), edits, entry: cursor.entry() };
}

function startsWith({ buffer, length }: DictionaryCursor, prefix: Uint8Array): boolean {
  return length >= prefix.length && prefix.every((byte, i) => buffer[i] === byte);
}

/** The code point whose last UTF-8 byte is at `at`, or -1 inside one. */
function letterEndingAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] as number;
  if (byte < 0x80) return byte;
  let start = at;
  while (((bytes[start] as number) & 0xc0) === 0x80) start--;
  const lead = bytes[start] as number;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (at - start + 1 < length) return -1;
  let codePoint = lead & (0xff >> (length + 1));
  for (let i = start + 1; i <= at; i++) codePoint = (codePoint << 6) | ((bytes[i] as number) & 0x3f);
  return codePoint;
}
