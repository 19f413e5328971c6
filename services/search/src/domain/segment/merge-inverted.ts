import { ByteWriter } from '../codec/byte-writer.ts';
import { compareBytes } from '../codec/dictionary.ts';
import type { Dictionary, DictionaryCursor } from '../codec/dictionary.ts';
import { DictionaryWriter } from '../codec/dictionary-writer.ts';
import { createPostings, readPositions, readPostings, writePositions, writePosting } from '../codec/postings.ts';
import type { InvertedField, Steps } from './inverter.ts';

/** One segment's side of a merge: a dictionary with its streams, and where its documents go (-1: nowhere). */
export interface MergeSide {
  readonly dictionary: Dictionary;
  readonly documents: Uint8Array;
  /** Undefined where positions are not kept. */
  readonly positions: Uint8Array | undefined;
  readonly target: Int32Array;
  /** Whether all documents go somewhere: their positions are then copied as they are. */
  readonly whole: boolean;
}

const TERMS_PER_STEP = 512;

/** Merges the postings of several segments term by term. Sides come in the order of their documents. */
export function* mergeInverted(sides: readonly MergeSide[], withPositions: boolean): Steps<InvertedField> {
  const writer = new PostingsMerger(withPositions);
  const cursors = sides.map(({ dictionary }) => dictionary.cursor());
  for (let written = 1; ; written++) {
    const least = leastTerm(cursors);
    if (!least) break;
    writer.begin();
    cursors.forEach((cursor, i) => {
      if (!cursor.valid || compareBytes(cursor.buffer, cursor.length, least) !== 0) return;
      writer.append(sides[i] as MergeSide, cursor);
      cursor.next();
    });
    writer.end(least);
    if (written % TERMS_PER_STEP === 0) yield;
  }
  return writer.finish();
}

function leastTerm(cursors: readonly DictionaryCursor[]): Uint8Array | undefined {
  let least: DictionaryCursor | undefined;
  for (const cursor of cursors) {
    if (!cursor.valid) continue;
    if (!least || compareBytes(cursor.buffer, cursor.length, least.buffer.subarray(0, least.length)) < 0)
      least = cursor;
  }
  return least?.buffer.slice(0, least.length);
}

class PostingsMerger {
  readonly #dictionary: DictionaryWriter;
  readonly #documents = new ByteWriter(1 << 16);
  readonly #positions: ByteWriter | undefined;
  readonly #postings = createPostings();
  #count = 0;
  #previous = -1;
  #starts: readonly [number, number] = [0, 0];

  constructor(withPositions: boolean) {
    this.#dictionary = new DictionaryWriter(withPositions ? 2 : 1);
    this.#positions = withPositions ? new ByteWriter(1 << 16) : undefined;
  }

  begin(): void {
    this.#count = 0;
    this.#previous = -1;
    this.#starts = [this.#documents.length, this.#positions?.length ?? 0];
  }

  append(side: MergeSide, cursor: DictionaryCursor): void {
    const { offsets, lengths, documents } = cursor.entry();
    const stream = (bytes: Uint8Array, i: number): Uint8Array =>
      bytes.subarray(offsets[i], (offsets[i] as number) + (lengths[i] as number));
    const postings = readPostings(stream(side.documents, 0), documents, this.#postings);
    for (let i = 0; i < postings.count; i++) {
      const target = side.target[postings.documents[i] as number] as number;
      if (target < 0) continue;
      writePosting(this.#documents, this.#previous, target, postings.frequencies[i] as number);
      this.#previous = target;
      this.#count++;
    }
    const out = this.#positions;
    if (!out || !side.positions) return;
    const positions = stream(side.positions, 1);
    if (side.whole) return out.bytes(positions);
    readPositions(positions, postings, (index, list) => {
      if ((side.target[postings.documents[index] as number] as number) >= 0) writePositions(out, list, 0, list.length);
    });
  }

  /** A term whose documents are all gone is left out. */
  end(term: Uint8Array): void {
    if (this.#count === 0) return;
    const [documents, positions] = this.#starts;
    this.#dictionary.addBytes(term, this.#count, [
      this.#documents.length - documents,
      (this.#positions?.length ?? 0) - positions,
    ]);
  }

  finish(): InvertedField {
    const parts = { dictionary: this.#dictionary.finish(), documents: this.#documents.toBytes() };
    return this.#positions ? { ...parts, positions: this.#positions.toBytes() } : parts;
  }
}
