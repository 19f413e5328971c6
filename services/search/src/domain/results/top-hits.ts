/** A document in a ranked list: which segment, its ordinal there, and what it is ordered by. */
export interface Hit {
  readonly segment: number;
  readonly ordinal: number;
  readonly number: number;
  readonly score: number;
  /** How many words of the query the document holds. */
  readonly words: number;
  /** Values of the fields that the request sorts by; empty when sorted by score. */
  readonly keys: readonly SortKey[];
}

/** A value to sort by; null where the document has none. */
export type SortKey = number | string | null;

/** Negative where `a` comes before `b`. */
export type CompareHits = (a: Hit, b: Hit) => number;

/** Keeps the first `limit` hits in order of `compare`: a heap with the worst of them on top. */
export class TopHits {
  readonly #limit: number;
  readonly #compare: CompareHits;
  readonly #heap: Hit[] = [];

  constructor(limit: number, compare: CompareHits) {
    this.#limit = limit;
    this.#compare = compare;
  }

  /** The score that a hit needs at least when sorted by score: lets callers skip making hits that are dropped at once. */
  get lowestScore(): number {
    return this.#heap.length < this.#limit
      ? Number.NEGATIVE_INFINITY
      : (this.#heap[0]?.score ?? Number.POSITIVE_INFINITY);
  }

  add(hit: Hit): void {
    const heap = this.#heap;
    if (heap.length < this.#limit) {
      heap.push(hit);
      this.#rise(heap.length - 1);
    } else if (heap[0] && this.#compare(hit, heap[0]) < 0) {
      heap[0] = hit;
      this.#sink(0);
    }
  }

  /** The hits, first first. */
  toSorted(): Hit[] {
    return [...this.#heap].sort(this.#compare);
  }

  #rise(index: number): void {
    let child = index;
    while (child > 0) {
      const parent = (child - 1) >>> 1;
      if (!this.#worse(child, parent)) break;
      this.#swap(child, parent);
      child = parent;
    }
  }

  #sink(index: number): void {
    let parent = index;
    for (;;) {
      const left = parent * 2 + 1;
      let worst = parent;
      if (left < this.#heap.length && this.#worse(left, worst)) worst = left;
      if (left + 1 < this.#heap.length && this.#worse(left + 1, worst)) worst = left + 1;
      if (worst === parent) return;
      this.#swap(worst, parent);
      parent = worst;
    }
  }

  #worse(a: number, b: number): boolean {
    return this.#compare(this.#heap[a] as Hit, this.#heap[b] as Hit) > 0;
  }

  #swap(a: number, b: number): void {
    const hit = this.#heap[a] as Hit;
    this.#heap[a] = this.#heap[b] as Hit;
    this.#heap[b] = hit;
  }
}
