import { ByteReader } from '../codec/byte-reader.ts';
import { ByteWriter } from '../codec/byte-writer.ts';

/**
 * Document numbers of a segment, ascending: each version of a document gets a number of its own, never used again,
 * so a number found in a segment names one immutable text. Fresh segments hold a run of numbers; merged ones skip
 * those that were deleted.
 */
export class DocumentNumbers {
  readonly first: number;
  readonly count: number;
  readonly #offsets: Uint32Array | undefined;

  constructor(first: number, count: number, offsets?: Uint32Array) {
    this.first = first;
    this.count = count;
    this.#offsets = offsets;
  }

  get last(): number {
    return this.count === 0 ? this.first - 1 : this.numberOf(this.count - 1);
  }

  numberOf(ordinal: number): number {
    return this.first + (this.#offsets ? (this.#offsets[ordinal] as number) : ordinal);
  }

  /** The ordinal of a number, or -1 where this segment does not hold it. */
  ordinalOf(number: number): number {
    const ordinal = this.lowerBound(number);
    return ordinal < this.count && this.numberOf(ordinal) === number ? ordinal : -1;
  }

  /** How many of the numbers are below `number`. */
  lowerBound(number: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.numberOf(middle) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Numbers relative to the first, as gaps. */
export function encodeNumbersOf(numbers: readonly number[]): Uint8Array {
  const out = new ByteWriter(numbers.length * 2);
  let previous = numbers[0] ?? 0;
  for (const number of numbers) {
    out.varint(number - previous);
    previous = number;
  }
  return out.toBytes();
}

export function decodeNumbersOf(bytes: Uint8Array, first: number, count: number): DocumentNumbers {
  const reader = new ByteReader(bytes);
  const offsets = new Uint32Array(count);
  let offset = 0;
  for (let i = 0; i < count; i++) {
    offset += reader.varint();
    offsets[i] = offset;
  }
  return new DocumentNumbers(first, count, offsets);
}
