import type { Clock } from '../clock.ts';

interface Delayed<V> {
  readonly key: string;
  readonly dueAt: number;
  readonly value: V;
}

/**
 * Keys that become due later, each once, with one timer for all: a thousand waiting platforms are a thousand heap
 * entries, not a thousand timers.
 */
export class DelayedKeys<V> {
  readonly #clock: Clock;
  readonly #onDue: (key: string, value: V) => void;
  readonly #byKey = new Map<string, Delayed<V>>();
  /** A binary heap by `dueAt`; entries that are no longer in `#byKey` are dropped when they come to the top. */
  #heap: Delayed<V>[] = [];
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, onDue: (key: string, value: V) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** Sets when a key is due. A key that is due earlier already stays so, unless `replace`. */
  add(key: string, delayMs: number, value: V, replace = false): void {
    const dueAt = this.#clock.monotonic() + delayMs;
    const known = this.#byKey.get(key);
    if (known && known.dueAt <= dueAt && !replace) return;
    const entry = { key, dueAt, value };
    this.#byKey.set(key, entry);
    siftUp(this.#heap, entry);
    this.#compact();
    this.#arm();
  }

  remove(key: string): void {
    this.#byKey.delete(key);
  }

  clear(): void {
    this.#byKey.clear();
    this.#heap = [];
    this.#cancel();
  }

  #arm(): void {
    this.#cancel();
    const next = this.#peek();
    if (!next) return;
    this.#cancel = this.#clock.schedule(next.dueAt - this.#clock.monotonic(), () => {
      this.#fire();
    });
  }

  #fire(): void {
    const now = this.#clock.monotonic();
    for (let next = this.#peek(); next && next.dueAt <= now; next = this.#peek()) {
      siftDown(this.#heap);
      this.#byKey.delete(next.key);
      this.#onDue(next.key, next.value);
    }
    this.#arm();
  }

  #peek(): Delayed<V> | undefined {
    for (let top = this.#heap[0]; top; top = this.#heap[0]) {
      if (this.#byKey.get(top.key) === top) return top;
      siftDown(this.#heap);
    }
    return undefined;
  }

  /** Replaced entries stay in the heap until they surface; a key replaced every second must not fill it. */
  #compact(): void {
    if (this.#heap.length < 64 || this.#heap.length < 2 * this.#byKey.size) return;
    // A sorted array is a heap.
    this.#heap = [...this.#byKey.values()].sort((a, b) => a.dueAt - b.dueAt);
  }
}

interface Due {
  readonly dueAt: number;
}

function siftUp<E extends Due>(heap: E[], entry: E): void {
  let index = heap.push(entry) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (dueAt(heap, parent) <= entry.dueAt) break;
    swap(heap, parent, index);
    index = parent;
  }
}

/** Removes the top. */
function siftDown(heap: Due[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  heap[0] = last;
  for (let index = 0; ;) {
    const left = 2 * index + 1;
    const least = dueAt(heap, left + 1) < dueAt(heap, left) ? left + 1 : left;
    if (dueAt(heap, least) >= last.dueAt) return;
    swap(heap, index, least);
    index = least;
  }
}

function dueAt(heap: readonly Due[], index: number): number {
  return heap[index]?.dueAt ?? Number.POSITIVE_INFINITY;
}

function swap<E>(heap: E[], a: number, b: number): void {
  const [first, second] = [heap[a], heap[b]];
  if (first === undefined || second === undefined) return;
  heap[a] = second;
  heap[b] = first;
}
