/** Turns events into an async iteration that ends, or fails, when told to. */
export class PartQueue<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  #error: Error | undefined;

  push(item: T): void {
    this.#items.push(item);
    this.#wake?.();
  }

  /** The iteration throws `error` at once, whatever is still waiting. Only the first failure counts. */
  fail(error: Error): void {
    this.#error ??= error;
    this.#wake?.();
  }

  /** The iteration ends after what is still waiting. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
