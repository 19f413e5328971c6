/** A set of small integers (document ordinals of one segment), one bit each. */
export class Bitset {
  readonly size: number;
  readonly words: Uint32Array;

  constructor(size: number, words: Uint32Array = new Uint32Array((size + 31) >>> 5)) {
    this.size = size;
    this.words = words;
  }

  static full(size: number): Bitset {
    const set = new Bitset(size);
    set.words.fill(0xffffffff);
    set.#trim();
    return set;
  }

  has(index: number): boolean {
    return (((this.words[index >>> 5] as number) >>> (index & 31)) & 1) === 1;
  }

  add(index: number): void {
    const word = index >>> 5;
    this.words[word] = (this.words[word] as number) | (1 << (index & 31));
  }

  delete(index: number): void {
    const word = index >>> 5;
    this.words[word] = (this.words[word] as number) & ~(1 << (index & 31));
  }

  clone(): Bitset {
    return new Bitset(this.size, this.words.slice());
  }

  /** Keeps what is in both, in place. */
  and(other: Bitset): this {
    for (let i = 0; i < this.words.length; i++) this.words[i] = (this.words[i] as number) & (other.words[i] as number);
    return this;
  }

  /** Keeps what is in either, in place. */
  or(other: Bitset): this {
    for (let i = 0; i < this.words.length; i++) this.words[i] = (this.words[i] as number) | (other.words[i] as number);
    return this;
  }

  /** Turns the set into its complement, in place. */
  invert(): this {
    for (let i = 0; i < this.words.length; i++) this.words[i] = ~(this.words[i] as number);
    this.#trim();
    return this;
  }

  count(): number {
    let total = 0;
    for (const word of this.words) total += popCount(word);
    return total;
  }

  /** Calls `visit` with each member in ascending order. */
  forEach(visit: (index: number) => void): void {
    for (let i = 0; i < this.words.length; i++) {
      let word = this.words[i] as number;
      while (word !== 0) {
        visit((i << 5) + 31 - Math.clz32(word & -word));
        word &= word - 1;
      }
    }
  }

  /** Bits beyond `size` stay zero, so that count and forEach need no bound of their own. */
  #trim(): void {
    const used = this.size & 31;
    const last = this.words.length - 1;
    if (used !== 0) this.words[last] = (this.words[last] as number) & (2 ** used - 1);
  }
}

/** Number of one bits in a 32-bit word, summed in parallel (Warren, Hacker's Delight, figure 5-2). */
export function popCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
