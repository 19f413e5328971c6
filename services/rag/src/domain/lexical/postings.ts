/** Where a term stands: places [start, end) of a segment's lists. */
export interface PostingRange {
  readonly segment: PostingSegment;
  readonly start: number;
  readonly end: number;
}

/** An immutable piece of an inverted index: for each of its terms the chunks that hold it, ascending, and how often. */
export interface PostingSegment {
  /** Distinct terms by number, ascending. */
  readonly terms: Int32Array;
  /** One more than `terms`: the postings of `terms[i]` are those from `starts[i]` to `starts[i + 1]`. */
  readonly starts: Int32Array;
  readonly ordinals: Int32Array;
  /** More than 65,535 times in one chunk counts as 65,535 times. */
  readonly frequencies: Uint16Array;
}

const MAX_FREQUENCY = 65_535;

/** Sorts postings that came in any order of terms; chunks have to come in ascending order. */
export function sealSegment(
  terms: Int32Array,
  ordinals: Int32Array,
  frequencies: Int32Array,
  count: number,
): PostingSegment {
  const order = new Float64Array(count);
  // One number holds the term and the place, so that the sort is numeric and stable.
  for (let i = 0; i < count; i++) order[i] = (terms[i] as number) * 2 ** 31 + i;
  order.sort();
  const distinct: number[] = [];
  const starts: number[] = [];
  const [sorted, counts] = [new Int32Array(count), new Uint16Array(count)];
  for (let i = 0; i < count; i++) {
    const place = (order[i] as number) % 2 ** 31;
    const term = terms[place] as number;
    if (distinct.at(-1) !== term) {
      distinct.push(term);
      starts.push(i);
    }
    sorted[i] = ordinals[place] as number;
    counts[i] = Math.min(MAX_FREQUENCY, frequencies[place] as number);
  }
  starts.push(count);
  return { terms: Int32Array.from(distinct), starts: Int32Array.from(starts), ordinals: sorted, frequencies: counts };
}

/** Two segments as one; every chunk of the second comes after all of the first. */
export function mergeSegments(first: PostingSegment, second: PostingSegment): PostingSegment {
  const count = first.ordinals.length + second.ordinals.length;
  const [ordinals, frequencies] = [new Int32Array(count), new Uint16Array(count)];
  const [terms, starts]: [number[], number[]] = [[], []];
  let length = 0;
  const copy = (from: PostingSegment, at: number): void => {
    const [start, end] = [from.starts[at] as number, from.starts[at + 1] as number];
    ordinals.set(from.ordinals.subarray(start, end), length);
    frequencies.set(from.frequencies.subarray(start, end), length);
    length += end - start;
  };
  for (let a = 0, b = 0; a < first.terms.length || b < second.terms.length;) {
    const [left, right] = [first.terms[a] ?? Infinity, second.terms[b] ?? Infinity];
    terms.push(Math.min(left, right));
    starts.push(length);
    if (left <= right) copy(first, a++);
    if (right <= left) copy(second, b++);
  }
  starts.push(length);
  return { terms: Int32Array.from(terms), starts: Int32Array.from(starts), ordinals, frequencies };
}

/** The places of a term; undefined where the segment does not hold it. */
export function findPostings(segment: PostingSegment, term: number): PostingRange | undefined {
  const { terms, starts } = segment;
  const at = lowerBound(terms, term, 0, terms.length);
  return terms[at] === term ? { segment, start: starts[at] as number, end: starts[at + 1] as number } : undefined;
}

/** How often the chunk holds the term of these places. */
export function frequencyIn({ segment, start, end }: PostingRange, ordinal: number): number {
  const at = lowerBound(segment.ordinals, ordinal, start, end);
  return at < end && segment.ordinals[at] === ordinal ? (segment.frequencies[at] as number) : 0;
}

function lowerBound(values: Int32Array, wanted: number, from: number, to: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
