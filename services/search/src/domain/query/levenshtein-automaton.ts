/** Longest word whose states fit the bits of a 32-bit integer, with one bit for the start. */
export const MAX_PATTERN_LENGTH = 30;

/**
 * Recognises words within some edits of a pattern: insertions, deletions, substitutions and swaps of neighbours
 * (Damerau 1964). The automaton's states are bit masks that advance together, one mask per number of edits (Wu and
 * Manber, Fast text searching allowing errors, CACM 35(10), 1992), with one more mask per number for a swap whose
 * first half was read. Bit i of a mask: the first i letters of the pattern are accounted for.
 *
 * States live in a stack that the caller indexes by depth, so that words with a common beginning share its work.
 */
export class LevenshteinAutomaton {
  /** Numbers that one state takes in a stack. */
  readonly width: number;
  readonly #length: number;
  readonly #edits: number;
  readonly #all: number;
  readonly #masks = new Map<number, number>();

  constructor(pattern: string, edits: number) {
    const letters = [...pattern];
    this.#length = letters.length;
    this.#edits = edits;
    this.width = 2 * edits + 1;
    this.#all = 2 ** (letters.length + 1) - 1;
    letters.forEach((letter, index) => {
      const codePoint = letter.codePointAt(0) as number;
      this.#masks.set(codePoint, (this.#masks.get(codePoint) ?? 0) | (1 << index));
    });
  }

  /** Writes the state before any letter at depth 0. */
  start(stack: Int32Array): void {
    for (let d = 0; d <= this.#edits; d++) stack[d] = (2 ** (d + 1) - 1) & this.#all;
    for (let d = 1; d <= this.#edits; d++) stack[this.#edits + d] = 0;
  }

  /** Reads a letter: the state at `from` becomes the state at `to` (indices into the stack). False where no word can follow. */
  step(stack: Int32Array, codePoint: number, from: number, to: number): boolean {
    const letter = this.#masks.get(codePoint) ?? 0;
    let fewer = stack[from] as number;
    let fewerNext = (fewer & letter) << 1;
    let alive = fewerNext;
    stack[to] = fewerNext;
    for (let d = 1; d <= this.#edits; d++) {
      const same = stack[from + d] as number;
      const swapping = stack[from + this.#edits + d] as number;
      const inserted = fewer;
      const replaced = fewer << 1;
      const deleted = fewerNext << 1;
      const swapped = (swapping & letter) << 2;
      const next = (((same & letter) << 1) | inserted | replaced | deleted | swapped) & this.#all;
      const swap = fewer & (letter >>> 1);
      stack[to + d] = next;
      stack[to + this.#edits + d] = swap;
      alive |= next | swap;
      fewer = same;
      fewerNext = next;
    }
    return alive !== 0;
  }

  /** The fewest edits with which the state at `at` accepts, or -1. */
  edits(stack: Int32Array, at: number): number {
    for (let d = 0; d <= this.#edits; d++) if (((stack[at + d] as number) >>> this.#length) & 1) return d;
    return -1;
  }
}
