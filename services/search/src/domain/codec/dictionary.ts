import { ByteReader } from './byte-reader.ts';
import { BLOCK_ENTRIES } from './dictionary-writer.ts';

/** A term's place: in how many documents it stands, and its range in each posting stream. */
export interface DictionaryEntry {
  readonly documents: number;
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Look-ups remembered: people ask for the same words, and one query asks for each word more than once. */
const MAX_REMEMBERED = 512;

/** Where things lie in a dictionary's bytes. */
interface Layout {
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly blocks: number;
  readonly streams: number;
  /** Per block: offset of its first entry from `start`, then its base in each stream. */
  readonly index: Uint32Array;
  readonly start: number;
}

/** Reads a DictionaryWriter's output in place: nothing is decoded but what a lookup or a scan passes. */
export class Dictionary {
  readonly #layout: Layout;
  readonly #remembered = new Map<string, DictionaryEntry | undefined>();

  constructor(bytes: Uint8Array) {
    const reader = new ByteReader(bytes);
    const size = reader.uint32();
    const blocks = reader.uint32();
    const streams = reader.uint32();
    const index = new Uint32Array(blocks * (1 + streams));
    for (let i = 0; i < index.length; i++) index[i] = reader.uint32();
    this.#layout = { bytes, size, blocks, streams, index, start: reader.position };
  }

  get size(): number {
    return this.#layout.size;
  }

  /** Bytes in memory, about. */
  get bytes(): number {
    return this.#layout.bytes.length + this.#layout.index.byteLength;
  }

  /** The entry of exactly this term. */
  get(term: string): DictionaryEntry | undefined {
    const known = this.#remembered.get(term);
    if (known !== undefined || this.#remembered.has(term)) return known;
    const bytes = encoder.encode(term);
    const cursor = this.seek(bytes);
    const found = cursor.valid && compareBytes(cursor.buffer, cursor.length, bytes) === 0 ? cursor.entry() : undefined;
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(term, found);
    return found;
  }

  /** A cursor at the first entry whose term is not less than `term`, or past the end. */
  seek(term: Uint8Array): DictionaryCursor {
    let low = 0;
    let high = this.#layout.blocks - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      const first = firstTerm(this.#layout, middle);
      if (compareBytes(first, first.length, term) <= 0) low = middle;
      else high = middle - 1;
    }
    const cursor = new DictionaryCursor(this.#layout, low);
    while (cursor.valid && compareBytes(cursor.buffer, cursor.length, term) < 0) cursor.next();
    return cursor;
  }

  /** A cursor at the first entry. */
  cursor(): DictionaryCursor {
    return new DictionaryCursor(this.#layout, 0);
  }
}

/** Walks a dictionary in order. */
export class DictionaryCursor {
  /** The term, in its first `length` bytes. */
  buffer: Uint8Array = new Uint8Array(64);
  length = 0;
  /** How many leading bytes the term has in common with the one that the cursor was at before. */
  shared = 0;
  documents = 0;
  readonly lengths: number[];
  readonly #layout: Layout;
  readonly #sums: number[];
  readonly #reader: ByteReader;
  /** The entry's number, from 0. */
  #at = 0;

  constructor(layout: Layout, block: number) {
    this.#layout = layout;
    this.#reader = new ByteReader(layout.bytes);
    this.#sums = new Array<number>(layout.streams).fill(0);
    this.lengths = new Array<number>(layout.streams).fill(0);
    this.#enter(block);
  }

  get valid(): boolean {
    return this.#at < this.#layout.size;
  }

  /** Moves to the next entry; past the last one `valid` becomes false. */
  next(): void {
    this.#at++;
    if (!this.valid) return;
    for (let i = 0; i < this.lengths.length; i++)
      this.#sums[i] = (this.#sums[i] as number) + (this.lengths[i] as number);
    this.#read();
  }

  /** Moves past all entries that begin with the first `length` bytes of this one. Whole blocks are jumped over. */
  skipPrefix(length: number): void {
    const prefix = this.buffer.slice(0, length);
    const here = Math.floor(this.#at / BLOCK_ENTRIES);
    const begins = (block: number): boolean =>
      block < this.#layout.blocks && startsWith(firstTerm(this.#layout, block), prefix);
    // Gallop to a block that begins otherwise, then halve: near ends are reached in few steps, far ones too.
    let step = 1;
    while (begins(here + step)) step *= 2;
    let low = here + Math.floor(step / 2);
    let high = here + step;
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      if (begins(middle)) low = middle;
      else high = middle;
    }
    if (low > here) this.#enter(low);
    do this.next();
    while (this.valid && this.shared >= length);
  }

  term(): string {
    return decoder.decode(this.buffer.subarray(0, this.length));
  }

  entry(): DictionaryEntry {
    return { documents: this.documents, offsets: [...this.#sums], lengths: [...this.lengths] };
  }

  #enter(block: number): void {
    const { index, streams, start } = this.#layout;
    const at = block * (1 + streams);
    this.#at = block * BLOCK_ENTRIES;
    if (!this.valid) return;
    this.#reader.position = start + (index[at] as number);
    for (let i = 0; i < streams; i++) this.#sums[i] = index[at + 1 + i] as number;
    this.#read();
  }

  #read(): void {
    const reader = this.#reader;
    const kept = reader.varint();
    const length = kept + reader.varint();
    if (length > this.buffer.length) this.#grow(length);
    let shared = kept;
    // The first term of a block is written whole: what it shares is found by looking.
    if (this.#at % BLOCK_ENTRIES === 0) shared = this.#common(length);
    for (let i = kept; i < length; i++) this.buffer[i] = reader.bytes[reader.position++] as number;
    this.shared = shared;
    this.length = length;
    this.documents = reader.varint();
    for (let i = 0; i < this.lengths.length; i++) this.lengths[i] = reader.varint();
  }

  /** Leading bytes that the term about to be read has in common with the one in the buffer. */
  #common(length: number): number {
    const { bytes, position } = this.#reader;
    const limit = Math.min(length, this.length);
    let i = 0;
    while (i < limit && bytes[position + i] === this.buffer[i]) i++;
    return i;
  }

  #grow(length: number): void {
    const grown = new Uint8Array(length * 2);
    grown.set(this.buffer);
    this.buffer = grown;
  }
}

/** The first term of a block, which is written whole. */
function firstTerm({ bytes, index, streams, start }: Layout, block: number): Uint8Array {
  const reader = new ByteReader(bytes, start + (index[block * (1 + streams)] as number));
  reader.varint();
  const length = reader.varint();
  return bytes.subarray(reader.position, reader.position + length);
}

function startsWith(term: Uint8Array, prefix: Uint8Array): boolean {
  if (term.length < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (term[i] !== prefix[i]) return false;
  return true;
}

/** Byte order of the first `length` bytes of `a` against all of `b`: negative, zero or positive. */
export function compareBytes(a: Uint8Array, length: number, b: Uint8Array): number {
  const limit = Math.min(length, b.length);
  for (let i = 0; i < limit; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return length - b.length;
}
