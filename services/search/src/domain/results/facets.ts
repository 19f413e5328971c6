import { compareCodePoints } from '../codec/code-point-order.ts';
import type { Column, KeywordColumn } from '../segment/column.ts';

/** A facet as asked: counts of values, counts of ranges, or the extent of a number. */
export interface FacetRequest {
  readonly field: string;
  readonly size: number;
  /** Half-open ranges [from, to), in the column's own numbers. */
  readonly ranges?: readonly { readonly from: number | undefined; readonly to: number | undefined }[] | undefined;
}

export interface FacetResult {
  readonly values: readonly { readonly value: string | number; readonly count: number }[];
  readonly rangeCounts: readonly number[];
  /** Distinct values among the matching documents, also those beyond `size`. */
  readonly distinct: number;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
}

/** Counts one facet over all matching documents, segment by segment: exact, whatever the number of hits returned. */
export class FacetCounter {
  readonly #request: FacetRequest;
  readonly #counts = new Map<string | number, number>();
  readonly #ranges: number[];
  #minimum = Number.POSITIVE_INFINITY;
  #maximum = Number.NEGATIVE_INFINITY;

  constructor(request: FacetRequest) {
    this.#request = request;
    this.#ranges = (request.ranges ?? []).map(() => 0);
  }

  /** Counts the given documents of a segment. */
  add(column: Column, ordinals: Int32Array): void {
    if (column.kind === 'keyword') this.#addKeywords(column, ordinals);
    else for (const ordinal of ordinals) this.#addNumbers(column, ordinal);
  }

  result(): FacetResult {
    const sorted = [...this.#counts].sort(([a, m], [b, n]) => n - m || compareValues(a, b));
    const found = this.#minimum <= this.#maximum;
    return {
      values: sorted.slice(0, this.#request.size).map(([value, count]) => ({ value, count })),
      rangeCounts: this.#ranges,
      distinct: this.#counts.size,
      minimum: found ? this.#minimum : undefined,
      maximum: found ? this.#maximum : undefined,
    };
  }

  /** Counts by ordinal first: strings are touched once per distinct value, not once per document. */
  #addKeywords({ starts, values, dictionary }: KeywordColumn, ordinals: Int32Array): void {
    const counts = new Uint32Array(dictionary.length);
    for (const ordinal of ordinals)
      for (let i = starts[ordinal] as number; i < (starts[ordinal + 1] as number); i++) {
        const value = values[i] as number;
        counts[value] = (counts[value] as number) + 1;
      }
    counts.forEach((count, value) => {
      if (count > 0) this.#count(dictionary[value] as string, count);
    });
  }

  #addNumbers({ starts, values }: Column, ordinal: number): void {
    const inRange = new Set<number>();
    for (let i = starts[ordinal] as number; i < (starts[ordinal + 1] as number); i++) {
      const value = values[i] as number;
      this.#count(value, 1);
      this.#minimum = Math.min(this.#minimum, value);
      this.#maximum = Math.max(this.#maximum, value);
      this.#request.ranges?.forEach(({ from, to }, range) => {
        if ((from === undefined || value >= from) && (to === undefined || value < to)) inRange.add(range);
      });
    }
    // A document with two values in a range is one document in that range.
    for (const range of inRange) this.#ranges[range] = (this.#ranges[range] as number) + 1;
  }

  #count(value: string | number, count: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
  }
}

function compareValues(a: string | number, b: string | number): number {
  return typeof a === 'string' ? compareCodePoints(a, b as string) : a - (b as number);
}
