import { ByteWriter } from '../codec/byte-writer.ts';
import { compareCodePoints } from '../codec/code-point-order.ts';
import { DictionaryWriter } from '../codec/dictionary-writer.ts';
import { GrowingInts } from '../codec/growing-ints.ts';
import { writePositions, writePosting } from '../codec/postings.ts';

/** Work in small steps: whoever drives it may let other work in after each. */
export type Steps<T> = Generator<undefined, T, undefined>;

export interface InvertedField {
  readonly dictionary: Uint8Array;
  readonly documents: Uint8Array;
  /** Absent where positions are not kept. */
  readonly positions?: Uint8Array;
}

const encoder = new TextEncoder();
/** Terms encoded between two steps: about a millisecond. */
const TERMS_PER_STEP = 512;

/** Collects (term, document, position) in text order and turns them into a dictionary with postings. */
export class Inverter {
  readonly #ids = new Map<string, number>();
  readonly #terms = new GrowingInts();
  readonly #documents = new GrowingInts();
  readonly #positions: GrowingInts | undefined;

  constructor(withPositions: boolean) {
    this.#positions = withPositions ? new GrowingInts() : undefined;
  }

  /** Documents must come in ascending order, and positions within a document too. */
  add(term: string, document: number, position: number): void {
    let id = this.#ids.get(term);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(term, id);
    }
    this.#terms.push(id);
    this.#documents.push(document);
    this.#positions?.push(position);
  }

  *finish(): Steps<InvertedField> {
    const { starts, order } = this.#sortByTerm();
    const dictionary = new DictionaryWriter(this.#positions ? 2 : 1);
    const documents = new ByteWriter(this.#terms.length * 2);
    const positions = new ByteWriter(this.#terms.length * 2);
    let written = 0;
    for (const [term, id] of [...this.#ids].sort(([a], [b]) => compareCodePoints(a, b))) {
      const before = { documents: documents.length, positions: positions.length };
      const count = this.#writeTerm(order, [starts[id] as number, starts[id + 1] as number], { documents, positions });
      dictionary.add(encoder.encode(term), count, [
        documents.length - before.documents,
        positions.length - before.positions,
      ]);
      if (++written % TERMS_PER_STEP === 0) yield;
    }
    const parts = { dictionary: dictionary.finish(), documents: documents.toBytes() };
    return this.#positions ? { ...parts, positions: positions.toBytes() } : parts;
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

  /** Writes one term's occurrences; returns in how many documents it stands. */
  #writeTerm(
    order: Int32Array,
    [start, end]: readonly [number, number],
    out: { documents: ByteWriter; positions: ByteWriter },
  ): number {
    const documents = this.#documents.view();
    const places = this.#positions?.view();
    const positions = places && order.subarray(start, end).map((occurrence) => places[occurrence] as number);
    let previous = -1;
    let count = 0;
    for (let from = start; from < end; count++) {
      const document = documents[order[from] as number] as number;
      let to = from + 1;
      while (to < end && documents[order[to] as number] === document) to++;
      writePosting(out.documents, previous, document, to - from);
      if (positions) writePositions(out.positions, positions, from - start, to - start);
      previous = document;
      from = to;
    }
    return count;
  }
}
