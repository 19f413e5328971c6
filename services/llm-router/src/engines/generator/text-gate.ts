/** U+FFFD: the bytes of a character that is not complete yet. */
const INCOMPLETE = '�';
/** A character of UTF-8 has at most four bytes, and a token at least one. */
const LONGEST_CHARACTER = 4;

/** What may be said now. */
export interface Released {
  readonly text: string;
  /** A stop text came: nothing follows. */
  readonly stopped: boolean;
}

/** Lets text through as it grows, but no half characters, and nothing from a stop text on. */
export class TextGate {
  readonly #stop: readonly string[];
  readonly #detokenise: (tokens: readonly number[]) => string;
  #tokens: number[] = [];
  #held = '';

  constructor(stop: readonly string[], detokenise: (tokens: readonly number[]) => string) {
    this.#stop = stop;
    this.#detokenise = detokenise;
  }

  push(token: number): Released {
    this.#tokens.push(token);
    const text = this.#detokenise(this.#tokens);
    if (text.endsWith(INCOMPLETE) && this.#tokens.length < LONGEST_CHARACTER) return { text: '', stopped: false };
    this.#tokens = [];
    return this.#release(this.#held + text);
  }

  /** What was still held back: it did not become a stop text. */
  end(): string {
    const rest = this.#held + (this.#tokens.length === 0 ? '' : this.#detokenise(this.#tokens));
    this.#held = '';
    this.#tokens = [];
    return rest;
  }

  #release(text: string): Released {
    const found = this.#stop.map((word) => text.indexOf(word)).filter((place) => place >= 0);
    if (found.length > 0) {
      this.#held = '';
      return { text: text.slice(0, Math.min(...found)), stopped: true };
    }
    const keep = this.#beginningOfStop(text);
    this.#held = text.slice(text.length - keep);
    return { text: text.slice(0, text.length - keep), stopped: false };
  }

  /** How many characters at the end may be the beginning of a stop text. */
  #beginningOfStop(text: string): number {
    let keep = 0;
    for (const word of this.#stop) {
      for (let length = Math.min(word.length - 1, text.length); length > keep; length -= 1) {
        if (text.endsWith(word.slice(0, length))) keep = length;
      }
    }
    return keep;
  }
}
