import { ByteWriter } from '../codec/byte-writer.ts';
import { DictionaryWriter } from '../codec/dictionary-writer.ts';
import { GrowingInts } from '../codec/growing-ints.ts';
import { writePosting } from '../codec/postings.ts';
import { sortTerms } from '../codec/sort-terms.ts';

/** Work in small steps: whoever drives it may let other work in after each. */
export type Steps<T> = Generator<undefined, T, undefined>;

export interface InvertedField {
  readonly dictionary: Uint8Array;
  readonly documents: Uint8Array;
  /** Absent where positions are not kept. */
  readonly positions?: Uint8Array;
}

interface Streams {
  readonly documents: ByteWriter;
  readonly positions: ByteWriter;
}

/** Terms encoded between two steps: about a millisecond. */
const TERMS_PER_STEP = 512;

/**
 * Collects (term, document, position) in text order and turns them into a dictionary with postings. Terms are given
 * numbers first, so that an occurrence costs no look-up by string.
 */
export class Inverter {
  readonly #ids = new Map<string, number>();
  readonly #terms = new GrowingInts();
  readonly #documents = new GrowingInts();
  readonly #positions: GrowingInts | undefined;

  constructor(withPositions: boolean) {
    this.#positions = withPositions ? new GrowingInts() : undefined;
  }

  /** The number of a term in this inverter. */
  idOf(term: string): number {
    let id = this.#ids.get(term);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(term, id);
    }
    return id;
  }

  /** Documents must come in ascending order, and positions within a document too. */
  add(id: number, document: number, position: number): void {
    this.#terms.push(id);
    this.#documents.push(document);
    this.#positions?.push(position);
  }

  *finish(): Steps<InvertedField> {
    const { starts, order } = this.#sortByTerm();
    const dictionary = new DictionaryWriter(this.#positions ? 2 : 1);
    const streams = { documents: new ByteWriter(order.length * 2), positions: new ByteWriter(order.length * 2) };
    const write = this.#termWriter(order, streams);
    let written = 0;
    for (const term of sortTerms([...this.#ids.keys()])) {
      const id = this.#ids.get(term) as number;
      const before = [streams.documents.length, streams.positions.length] as const;
      const count = write(starts[id] as number, starts[id + 1] as number);
      dictionary.addText(term, count, [streams.documents.length - before[0], streams.positions.length - before[1]]);
      if (++written % TERMS_PER_STEP === 0) yield;
    }
    const parts = { dictionary: dictionary.finish(), documents: streams.documents.toBytes() };
    return this.#positions ? { ...parts, positions: streams.positions.toBytes() } : parts;
  }

  /** A stable counting sort: occurrences of term `id` are order[starts[id]] to order[starts[id + 1] - 1], in text order. */
  #sortByTerm(): { starts: Int32Array; order: Int32Array } {
    const terms = this.#terms.view();
    const starts = new Int32Array(this.#ids.size + 1);
    for (const id of terms) starts[id + 1] = (starts[id + 1] as number) + 1;
    for (let id = 0; id < this.#ids.size; id++) starts[id + 1] = (starts[id + 1] as number) + (starts[id] as number);
    const next = starts.slice();
    const order = new Int32Array(terms.length);
    for (let i = 0; i < terms.length; i++) {
      const id = terms[i] as number;
      order[next[id] as number] = i;
      next[id] = (next[id] as number) + 1;
    }
    return { starts, order };
  }

  /** Writes the occurrences from `start` to `end` of the order; returns in how many documents they are. */
  #termWriter(order: Int32Array, out: Streams): (start: number, end: number) => number {
    const documents = this.#documents.view();
    const places = this.#positions?.view();
    return (start, end) => {
      let previous = -1;
      let count = 0;
      for (let from = start; from < end; count++) {
        const document = documents[order[from] as number] as number;
        let to = from;
        let position = 0;
        do {
          if (places) {
            const place = places[order[to] as number] as number;
            out.positions.varint(place - position);
            position = place;
          }
          to++;
        } while (to < end && documents[order[to] as number] === document);
        writePosting(out.documents, previous, document, to - from);
        previous = document;
        from = to;
      }
      return count;
    };
  }
}
