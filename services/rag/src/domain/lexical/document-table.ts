import { Bitset } from '@genai-platform/common/retrieval';
import type { IndexedDocument, Metadata } from './indexed-document.ts';

/** A document of the index, with where its chunks are. */
export interface Entry {
  readonly id: string;
  readonly number: number;
  readonly firstChunk: number;
  readonly firstOrdinal: number;
  readonly chunks: number;
  metadata: Metadata;
  acl: readonly string[];
  live: boolean;
}

/** What a document takes in memory beside its words, about. */
const ENTRY_BYTES = 400;

/** The documents of an index by number, and the lengths of their chunks. Chunks are numbered from 0: ordinals. */
export class DocumentTable {
  readonly #entries: Entry[] = [];
  readonly #byNumber = new Map<number, Entry>();
  #lengths = new Uint16Array(1_024);
  #ordinals = 0;
  #liveChunks = 0;
  #liveLength = 0;
  #restricted = 0;

  /** One more than the highest ordinal. */
  get ordinals(): number {
    return this.#ordinals;
  }

  get liveChunks(): number {
    return this.#liveChunks;
  }

  /** Of all chunks that are live. */
  get liveLength(): number {
    return this.#liveLength;
  }

  /** Whether some are gone, and take memory still. */
  get hasDead(): boolean {
    return this.#liveChunks < this.#ordinals;
  }

  /** Whether there are documents that not everybody may see. */
  get hasRestricted(): boolean {
    return this.#restricted > 0;
  }

  get lengths(): Uint16Array {
    return this.#lengths;
  }

  get bytes(): number {
    return this.#entries.length * ENTRY_BYTES + this.#lengths.byteLength;
  }

  add(document: IndexedDocument, lengths: readonly number[]): Entry {
    const { id, number, firstChunk, metadata, acl } = document;
    const place = { firstOrdinal: this.#ordinals, chunks: lengths.length };
    const entry: Entry = { id, number, firstChunk, metadata, acl, live: true, ...place };
    this.#reserve(this.#ordinals + lengths.length);
    for (const length of lengths) {
      this.#lengths[this.#ordinals++] = Math.min(65_535, length);
      this.#liveLength += length;
    }
    this.#liveChunks += lengths.length;
    if (acl.length > 0) this.#restricted += 1;
    this.#entries.push(entry);
    this.#byNumber.set(number, entry);
    return entry;
  }

  get(number: number): Entry | undefined {
    return this.#byNumber.get(number);
  }

  remove(number: number): void {
    const entry = this.#byNumber.get(number);
    if (entry === undefined || !entry.live) return;
    this.change(number, {}, []);
    entry.live = false;
    this.#liveChunks -= entry.chunks;
    this.#liveLength -= this.lengthOf(entry);
    this.#byNumber.delete(number);
  }

  change(number: number, metadata: Metadata, acl: readonly string[]): void {
    const entry = this.#byNumber.get(number);
    if (entry === undefined) return;
    this.#restricted += Number(acl.length > 0) - Number(entry.acl.length > 0);
    Object.assign(entry, { metadata, acl });
  }

  /** Words of all chunks of a document. */
  lengthOf({ firstOrdinal, chunks }: Entry): number {
    let sum = 0;
    for (let i = firstOrdinal; i < firstOrdinal + chunks; i++) sum += this.#lengths[i] as number;
    return sum;
  }

  /** The chunks of all live documents that pass. */
  select(passes: (entry: Entry) => boolean): Bitset {
    const set = new Bitset(this.#ordinals);
    for (const entry of this.#entries) {
      if (!entry.live || !passes(entry)) continue;
      for (let i = entry.firstOrdinal; i < entry.firstOrdinal + entry.chunks; i++) set.add(i);
    }
    return set;
  }

  /** The numbers of a set of chunks, ascending. */
  numbersOf(chunks: Bitset): number[] {
    const numbers: number[] = [];
    for (const { firstOrdinal, firstChunk, chunks: count } of this.#entries) {
      for (let i = 0; i < count; i++) if (chunks.has(firstOrdinal + i)) numbers.push(firstChunk + i);
    }
    return numbers;
  }

  /** The document that a chunk belongs to. */
  entryOf(ordinal: number): Entry {
    return this.#search((entry) => entry.firstOrdinal <= ordinal) as Entry;
  }

  /** The number of a chunk in the collection. */
  chunkNumber(ordinal: number): number {
    const { firstChunk, firstOrdinal } = this.entryOf(ordinal);
    return firstChunk + ordinal - firstOrdinal;
  }

  /** The ordinal of a chunk; undefined where the index does not know it, or its document is gone. */
  ordinalOf(chunkNumber: number): number | undefined {
    const entry = this.#search((candidate) => candidate.firstChunk <= chunkNumber);
    if (entry === undefined || !entry.live || chunkNumber >= entry.firstChunk + entry.chunks) return undefined;
    return entry.firstOrdinal + chunkNumber - entry.firstChunk;
  }

  /** The last document that passes; those that do come first. */
  #search(passes: (entry: Entry) => boolean): Entry | undefined {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (passes(this.#entries[middle] as Entry)) low = middle + 1;
      else high = middle;
    }
    return this.#entries[low - 1];
  }

  #reserve(count: number): void {
    if (count <= this.#lengths.length) return;
    const larger = new Uint16Array(Math.max(count, 2 * this.#lengths.length));
    larger.set(this.#lengths);
    this.#lengths = larger;
  }
}
