import { findPostings, mergeSegments, sealSegment } from './postings.ts';
import type { PostingRange, PostingSegment } from './postings.ts';

/** Postings that are sorted together before a search needs them. */
const MAX_LOOSE = 1 << 17;
/** Merging a million postings takes about ten milliseconds of the event loop: larger segments stay as they are. */
const MAX_SEGMENT = 1 << 20;
/** What a term takes in memory beside its letters, about. */
const TERM_BYTES = 64;

/** An inverted index that grows: loose postings become small sorted segments, and these larger ones. */
export class PostingLists {
  readonly #numbers = new Map<string, number>();
  #segments: PostingSegment[] = [];
  #terms = new Int32Array(1_024);
  #ordinals = new Int32Array(1_024);
  #frequencies = new Int32Array(1_024);
  #loose = 0;
  #termBytes = 0;

  /** Memory, about. */
  get bytes(): number {
    const segments = this.#segments.reduce(
      (sum, { terms, ordinals }) => sum + 8 * terms.length + 6 * ordinals.length,
      0,
    );
    return segments + this.#termBytes + 12 * this.#terms.length;
  }

  /** Calls have to come by ascending chunk for each term. */
  add(term: string, ordinal: number, frequency: number): void {
    let number = this.#numbers.get(term);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(term, number);
      this.#termBytes += 2 * term.length + TERM_BYTES;
    }
    if (this.#loose === this.#terms.length) this.#grow();
    this.#terms[this.#loose] = number;
    this.#ordinals[this.#loose] = ordinal;
    this.#frequencies[this.#loose++] = frequency;
    if (this.#loose === MAX_LOOSE) this.#seal();
  }

  /** Every place where the term stands, by ascending chunk. */
  find(term: string): PostingRange[] {
    this.#seal();
    const number = this.#numbers.get(term);
    if (number === undefined) return [];
    return this.#segments.flatMap((segment) => findPostings(segment, number) ?? []);
  }

  #seal(): void {
    if (this.#loose === 0) return;
    let segment = sealSegment(this.#terms, this.#ordinals, this.#frequencies, this.#loose);
    this.#loose = 0;
    for (let last = this.#segments.at(-1); last !== undefined; last = this.#segments.at(-1)) {
      const [older, newer] = [last.ordinals.length, segment.ordinals.length];
      if (older > 2 * newer || older + newer > MAX_SEGMENT) break;
      segment = mergeSegments(last, segment);
      this.#segments.pop();
    }
    this.#segments.push(segment);
  }

  #grow(): void {
    const size = Math.min(MAX_LOOSE, 2 * this.#terms.length);
    const larger = (values: Int32Array): Int32Array<ArrayBuffer> => {
      const copy = new Int32Array(size);
      copy.set(values);
      return copy;
    };
    this.#terms = larger(this.#terms);
    this.#ordinals = larger(this.#ordinals);
    this.#frequencies = larger(this.#frequencies);
  }
}
