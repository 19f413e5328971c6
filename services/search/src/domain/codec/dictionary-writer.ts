import { ByteWriter } from './byte-writer.ts';

/** Entries between two restart points: a lookup decodes half of them on average. */
export const BLOCK_ENTRIES = 16;

const encoder = new TextEncoder();

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
  #previous = new Uint8Array(64);
  #previousLength = 0;
  #spare = new Uint8Array(64);
  #entries = 0;

  constructor(streams: number) {
    this.#streams = streams;
    this.#sums = new Array<number>(streams).fill(0);
  }

  get size(): number {
    return this.#entries;
  }

  /** Appends a term, which must sort after every earlier one. */
  addText(term: string, documents: number, lengths: readonly number[]): void {
    // UTF-8 takes at most three bytes for each UTF-16 code unit.
    if (this.#spare.length < term.length * 3) this.#spare = new Uint8Array(term.length * 6);
    this.#add(encodeText(term, this.#spare), documents, lengths);
  }

  /** As addText, for a term that is UTF-8 already. */
  addBytes(term: Uint8Array, documents: number, lengths: readonly number[]): void {
    if (this.#spare.length < term.length) this.#spare = new Uint8Array(term.length * 2);
    this.#spare.set(term);
    this.#add(term.length, documents, lengths);
  }

  /** Appends the first `length` bytes of the spare buffer, which then becomes the previous term. */
  #add(length: number, documents: number, lengths: readonly number[]): void {
    const term = this.#spare;
    const first = this.#entries % BLOCK_ENTRIES === 0;
    if (first) this.#index.push(this.#blocks.length, ...this.#sums);
    const shared = first ? 0 : sharedLength(this.#previous, term, Math.min(this.#previousLength, length));
    this.#blocks.varint(shared);
    this.#blocks.varint(length - shared);
    this.#blocks.bytes(term, shared, length);
    this.#blocks.varint(documents);
    for (let i = 0; i < this.#streams; i++) {
      const streamLength = lengths[i] as number;
      this.#blocks.varint(streamLength);
      this.#sums[i] = (this.#sums[i] as number) + streamLength;
    }
    this.#spare = this.#previous;
    this.#previous = term;
    this.#previousLength = length;
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

function sharedLength(a: Uint8Array, b: Uint8Array, limit: number): number {
  let i = 0;
  while (i < limit && a[i] === b[i]) i++;
  return i;
}

/** Writes a text as UTF-8; returns its length. Most terms are ASCII, for which the encoder's call costs more than a loop. */
function encodeText(text: string, into: Uint8Array): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return encoder.encodeInto(text, into).written;
    into[i] = unit;
  }
  return text.length;
}
