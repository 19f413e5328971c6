import type { ChunkWords } from './chunk-words.ts';

/**
 * The words of a document's chunks as bytes, by which the index in memory is built without reading texts again:
 * the number of chunks, their lengths; then each term, with the chunks that hold it and how often. Numbers are LEB128.
 */
export function encodeWords(chunks: readonly ChunkWords[]): Buffer {
  const terms = new Map<string, number[]>();
  chunks.forEach(({ counts }, chunk) => {
    for (const [term, count] of counts) {
      const places = terms.get(term);
      if (places === undefined) terms.set(term, [chunk, count]);
      else places.push(chunk, count);
    }
  });
  const bytes = new ByteList();
  bytes.number(chunks.length);
  for (const { length } of chunks) bytes.number(length);
  bytes.number(terms.size);
  for (const [term, places] of terms) {
    bytes.text(term);
    bytes.number(places.length / 2);
    for (let i = 0, before = 0; i < places.length; i += 2) {
      const chunk = places[i] as number;
      bytes.number(chunk - before);
      bytes.number(places[i + 1] as number);
      before = chunk;
    }
  }
  return bytes.toBuffer();
}

/** What reads the words again. */
export interface WordsVisitor {
  lengths(lengths: readonly number[]): void;
  /** Calls come by term, and within a term by ascending chunk. */
  word(term: string, chunk: number, count: number): void;
}

/** Reads what `encodeWords` has written. */
export function decodeWords(bytes: Buffer, visitor: WordsVisitor): void {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] as number;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  visitor.lengths(Array.from({ length: number() }, number));
  for (let left = number(); left > 0; left -= 1) {
    const end = number() + at;
    const term = bytes.toString('utf8', at, end);
    at = end;
    for (let places = number(), chunk = 0; places > 0; places -= 1) {
      chunk += number();
      visitor.word(term, chunk, number());
    }
  }
}

class ByteList {
  #bytes = Buffer.allocUnsafe(4_096);
  #length = 0;

  number(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.number(length);
    this.#reserve(length);
    this.#length += this.#bytes.write(value, this.#length);
  }

  toBuffer(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * this.#bytes.length + count);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
