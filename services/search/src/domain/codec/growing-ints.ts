/** A list of 32-bit integers that grows; four bytes an element where an array of numbers takes eight or more. */
export class GrowingInts {
  #values: Int32Array;
  length = 0;

  constructor(capacity = 1024) {
    this.#values = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = new Int32Array(this.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.length++] = value;
  }

  view(): Int32Array {
    return this.#values.subarray(0, this.length);
  }
}
