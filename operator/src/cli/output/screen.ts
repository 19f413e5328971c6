import type { Io } from '../io.ts';

/** Draws the same place of a terminal again and again. */
export class Screen {
  readonly #io: Io;
  #lines = 0;
  #last = '';

  constructor(io: Io) {
    this.#io = io;
  }

  /** Draws over what was drawn before; nothing is sent while it is the same. */
  draw(text: string): void {
    if (text === this.#last) return;
    const back = this.#lines === 0 ? '' : `\u001b[${this.#lines}A\u001b[0J`;
    this.#io.out(`${back}${text}`);
    this.#last = text;
    this.#lines = text.split('\n').length - 1;
  }
}
