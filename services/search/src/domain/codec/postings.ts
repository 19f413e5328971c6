import type { ByteWriter } from './byte-writer.ts';
import { ByteReader } from './byte-reader.ts';

/** Documents of one term in ascending order with the term's frequency in each, decoded. Only the first `count` hold. */
export interface Postings {
  documents: Int32Array;
  frequencies: Int32Array;
  count: number;
}

/**
 * Appends one document to a list: the gap to the one before, doubled, plus 1 where the frequency is one (the
 * usual case, which then takes no byte of its own; Lucene's .doc format before blocks). `previous` starts at -1.
 */
export function writePosting(out: ByteWriter, previous: number, document: number, frequency: number): void {
  const gap = document - previous;
  if (frequency === 1) out.varint(gap * 2 + 1);
  else {
    out.varint(gap * 2);
    out.varint(frequency);
  }
}

/** Room for `capacity` postings. */
export function createPostings(capacity = 1024): Postings {
  return { documents: new Int32Array(capacity), frequencies: new Int32Array(capacity), count: 0 };
}

/** Decodes a list of `count` documents into `into`, which grows as needed and is returned. */
export function readPostings(bytes: Uint8Array, count: number, into: Postings): Postings {
  if (into.documents.length < count) Object.assign(into, createPostings(count * 2));
  const { documents, frequencies } = into;
  const reader = new ByteReader(bytes);
  let document = -1;
  for (let i = 0; i < count; i++) {
    const code = reader.varint();
    document += code >>> 1;
    documents[i] = document;
    frequencies[i] = code & 1 ? 1 : reader.varint();
  }
  into.count = count;
  return into;
}

/** Appends the positions of one document, ascending, as gaps. */
export function writePositions(out: ByteWriter, positions: ArrayLike<number>, start: number, end: number): void {
  let previous = 0;
  for (let i = start; i < end; i++) {
    const position = positions[i] as number;
    out.varint(position - previous);
    previous = position;
  }
}

/** Decodes the positions of all documents of a list; `visit` gets each list index with its positions. */
export function readPositions(
  bytes: Uint8Array,
  postings: Postings,
  visit: (index: number, positions: readonly number[]) => void,
): void {
  const reader = new ByteReader(bytes);
  for (let i = 0; i < postings.count; i++) {
    const positions: number[] = [];
    let position = 0;
    for (let n = postings.frequencies[i] as number; n > 0; n--) positions.push((position += reader.varint()));
    visit(i, positions);
  }
}
