import { ByteWriter } from './byte-writer.ts';

/** Entries between two restart points: a lookup decodes half of them on average. */
export const BLOCK_ENTRIES = 16;

/**
 * Writes a sorted dictionary: terms in ascending byte order, front-coded in blocks (each term as the length it
 * shares with the one before and the rest; Witten, Moffat and Bell, Managing Gigabytes, 4.1), each with its
 * document frequency and its length in every one of `streams` posting streams. Offsets in the streams are
 * running sums, kept absolute at each block's start.
 *
 * Layout: uint32 entries, uint32 blocks, uint32 streams; per block uint32 offset and uint32 base per stream; blocks.
 */
export class DictionaryWriter {
  readonly #streams: number;
  readonly #blocks = new ByteWriter(4096);
  readonly #index: number[] = [];
  readonly #sums: number[];
  #previous: Uint8Array = new Uint8Array(0);
  #entries = 0;

  constructor(streams: number) {
    this.#streams = streams;
    this.#sums = new Array<number>(streams).fill(0);
  }

  get size(): number {
    return this.#entries;
  }

  /** Appends a term, which must sort after every earlier one. */
  add(term: Uint8Array, documents: number, lengths: readonly number[]): void {
    const first = this.#entries % BLOCK_ENTRIES === 0;
    if (first) this.#index.push(this.#blocks.length, ...this.#sums);
    const shared = first ? 0 : sharedLength(this.#previous, term);
    this.#blocks.varint(shared);
    this.#blocks.varint(term.length - shared);
    this.#blocks.bytes(term, shared);
    this.#blocks.varint(documents);
    for (let i = 0; i < this.#streams; i++) {
      const length = lengths[i] as number;
      this.#blocks.varint(length);
      this.#sums[i] = (this.#sums[i] as number) + length;
    }
    this.#previous = term;
    this.#entries++;
  }

  finish(): Uint8Array {
    const out = new ByteWriter(this.#blocks.length + this.#index.length * 4 + 12);
    out.uint32(this.#entries);
    out.uint32(Math.ceil(this.#entries / BLOCK_ENTRIES));
    out.uint32(this.#streams);
    for (const value of this.#index) out.uint32(value);
    out.bytes(this.#blocks.view());
    return out.toBytes();
  }
}

function sharedLength(a: Uint8Array, b: Uint8Array): number {
  const limit = Math.min(a.length, b.length);
  let i = 0;
  while (i < limit && a[i] === b[i]) i++;
  return i;
}
