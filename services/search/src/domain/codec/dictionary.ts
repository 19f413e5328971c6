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

/** Reads a DictionaryWriter's output in place: nothing is decoded but what a lookup or a scan passes. */
export class Dictionary {
  readonly size: number;
  readonly bytes: Uint8Array;
  readonly #blocks: number;
  readonly #streams: number;
  readonly #index: Uint32Array;
  readonly #start: number;
  readonly #remembered = new Map<string, DictionaryEntry | undefined>();

  constructor(bytes: Uint8Array) {
    const reader = new ByteReader(bytes);
    this.bytes = bytes;
    this.size = reader.uint32();
    this.#blocks = reader.uint32();
    this.#streams = reader.uint32();
    this.#index = new Uint32Array(this.#blocks * (1 + this.#streams));
    for (let i = 0; i < this.#index.length; i++) this.#index[i] = reader.uint32();
    this.#start = reader.position;
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
    let high = this.#blocks - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#compareFirst(middle, term) <= 0) low = middle;
      else high = middle - 1;
    }
    const cursor = this.#cursorAt(low);
    while (cursor.valid && compareBytes(cursor.buffer, cursor.length, term) < 0) cursor.next();
    return cursor;
  }

  /** A cursor at the first entry. */
  cursor(): DictionaryCursor {
    return this.#cursorAt(0);
  }

  #cursorAt(block: number): DictionaryCursor {
    const at = block * (1 + this.#streams);
    const sums = [...this.#index.subarray(at + 1, at + 1 + this.#streams)];
    const position = this.#start + (this.#index[at] ?? 0);
    return new DictionaryCursor(new ByteReader(this.bytes, position), this.size - block * BLOCK_ENTRIES, sums);
  }

  #compareFirst(block: number, term: Uint8Array): number {
    const reader = new ByteReader(this.bytes, this.#start + (this.#index[block * (1 + this.#streams)] as number));
    reader.varint();
    const length = reader.varint();
    const first = this.bytes.subarray(reader.position, reader.position + length);
    return compareBytes(first, length, term);
  }
}

/** Walks a dictionary in order. `shared` tells how many leading bytes the term has in common with the last one. */
export class DictionaryCursor {
  buffer: Uint8Array = new Uint8Array(64);
  length = 0;
  shared = 0;
  documents = 0;
  readonly lengths: number[];
  readonly #sums: number[];
  readonly #reader: ByteReader;
  #remaining: number;

  constructor(reader: ByteReader, remaining: number, sums: number[]) {
    this.#reader = reader;
    this.#remaining = remaining + 1;
    this.#sums = sums;
    this.lengths = sums.map(() => 0);
    this.next();
  }

  get valid(): boolean {
    return this.#remaining > 0;
  }

  /** Moves to the next entry; past the last one `valid` becomes false. */
  next(): void {
    if (--this.#remaining <= 0) return;
    const reader = this.#reader;
    for (let i = 0; i < this.lengths.length; i++)
      this.#sums[i] = (this.#sums[i] as number) + (this.lengths[i] as number);
    this.shared = reader.varint();
    const rest = reader.varint();
    this.length = this.shared + rest;
    if (this.length > this.buffer.length) this.#grow();
    for (let i = this.shared; i < this.length; i++) this.buffer[i] = reader.bytes[reader.position++] as number;
    this.documents = reader.varint();
    for (let i = 0; i < this.lengths.length; i++) this.lengths[i] = reader.varint();
  }

  term(): string {
    return decoder.decode(this.buffer.subarray(0, this.length));
  }

  entry(): DictionaryEntry {
    return { documents: this.documents, offsets: [...this.#sums], lengths: [...this.lengths] };
  }

  #grow(): void {
    const grown = new Uint8Array(this.length * 2);
    grown.set(this.buffer);
    this.buffer = grown;
  }
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
