const SMOOTHING = 0.2;

/** How much waits, and how fast it is done: what a client is told when there is no more room. */
export class WorkRate {
  #waiting = 0;
  #perSecond = 0;

  get waiting(): number {
    return this.#waiting;
  }

  /** Units of work begin to wait; the returned function says that they are done. */
  begin(units: number): () => void {
    this.#waiting += units;
    const startedAt = performance.now();
    return () => {
      this.#waiting -= units;
      const seconds = Math.max(0.001, (performance.now() - startedAt) / 1_000);
      const rate = units / seconds;
      this.#perSecond = this.#perSecond === 0 ? rate : this.#perSecond + SMOOTHING * (rate - this.#perSecond);
    };
  }

  /** Whole seconds until half of what waits is done, from 1 to 60. */
  secondsToClear(): number {
    const seconds = this.#perSecond === 0 ? 1 : this.#waiting / 2 / this.#perSecond;
    return Math.min(60, Math.max(1, Math.ceil(seconds)));
  }
}
