import type { Bitset } from '@genai-platform/common/retrieval';
import { createPostings, readPostings } from '../codec/postings.ts';
import type { FieldPostings } from './clause-postings.ts';
import { phraseFrequencies } from './phrase.ts';

/** Documents matching a clause in one segment: arena.ordinals and arena.frequencies from `start` to `end`. */
export interface MatchRange {
  readonly start: number;
  readonly end: number;
}

/** Beyond this many matches the memory is given back after the query: 12 bytes each. */
const KEPT_MATCHES = 2 ** 21;

/**
 * Memory for the matches of one query, used again by the next: at hundreds of queries a second, new arrays for each
 * would keep the garbage collector busier than the ranking. Use is synchronous, so queries never share it.
 */
export class MatchArena {
  ordinals: Int32Array = new Int32Array(2 ** 16);
  /** Weighted frequency of the clause in each document. */
  frequencies: Float64Array = new Float64Array(2 ** 16);
  #length = 0;
  readonly #postings = createPostings(2 ** 14);
  #sums = new Float64Array(0);

  reset(): void {
    this.#length = 0;
    if (this.ordinals.length <= KEPT_MATCHES) return;
    this.ordinals = new Int32Array(2 ** 16);
    this.frequencies = new Float64Array(2 ** 16);
  }

  /** Collects the documents of a segment that match any of the lists and are in the mask. */
  match(lists: readonly FieldPostings[], documents: number, mask: Bitset | undefined): MatchRange {
    const start = this.#length;
    const [only] = lists;
    if (lists.length === 1 && only?.terms.length === 1) this.#appendList(only, mask);
    else if (lists.length > 0) this.#appendSums(lists, documents, mask);
    return { start, end: this.#length };
  }

  /** The usual case, without the detour over sums: one list, one field. */
  #appendList({ terms, weight }: FieldPostings, mask: Bitset | undefined): void {
    const [term] = terms;
    if (!term) return;
    const { documents, frequencies, count } = readPostings(term.documents, term.count, this.#postings);
    this.#reserve(count);
    let end = this.#length;
    for (let i = 0; i < count; i++) {
      const ordinal = documents[i] as number;
      if (mask && !mask.has(ordinal)) continue;
      this.ordinals[end] = ordinal;
      this.frequencies[end++] = weight * (frequencies[i] as number);
    }
    this.#length = end;
  }

  #appendSums(lists: readonly FieldPostings[], documents: number, mask: Bitset | undefined): void {
    if (this.#sums.length < documents) this.#sums = new Float64Array(documents);
    const start = this.#length;
    for (const list of lists) this.#addToSums(list, mask);
    for (let i = start; i < this.#length; i++) {
      const ordinal = this.ordinals[i] as number;
      this.frequencies[i] = this.#sums[ordinal] as number;
      this.#sums[ordinal] = 0;
    }
  }

  #addToSums({ terms, weight }: FieldPostings, mask: Bitset | undefined): void {
    const add = (ordinal: number, frequency: number): void => {
      if (mask && !mask.has(ordinal)) return;
      if (this.#sums[ordinal] === 0) this.#append(ordinal);
      this.#sums[ordinal] = (this.#sums[ordinal] as number) + weight * frequency;
    };
    const [first] = terms;
    if (terms.length > 1 || !first)
      return phraseFrequencies(terms).forEach((frequency, ordinal) => add(ordinal, frequency));
    const { documents, frequencies, count } = readPostings(first.documents, first.count, this.#postings);
    for (let i = 0; i < count; i++) add(documents[i] as number, frequencies[i] as number);
  }

  #append(ordinal: number): void {
    this.#reserve(1);
    this.ordinals[this.#length++] = ordinal;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.ordinals.length) return;
    const capacity = Math.max(needed, this.ordinals.length * 2);
    const ordinals = new Int32Array(capacity);
    ordinals.set(this.ordinals);
    this.ordinals = ordinals;
    const frequencies = new Float64Array(capacity);
    frequencies.set(this.frequencies);
    this.frequencies = frequencies;
  }
}
