/** Cuts text that comes in pieces into sentences, with the marks of sources that stand behind them. */
export class SentenceStream {
  #rest = '';

  /** Adds a piece, and returns the sentences that are complete now. */
  push(piece: string): string[] {
    this.#rest += piece;
    const complete: string[] = [];
    for (let end = this.#end(); end !== undefined; end = this.#end()) {
      complete.push(this.#rest.slice(0, end).trim());
      this.#rest = this.#rest.slice(end);
    }
    return complete.filter((sentence) => sentence !== '');
  }

  /** What is left when nothing more comes. */
  finish(): string[] {
    const rest = this.#rest.trim();
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }

  /** After a mark of the end, the sources behind it, and white space that something follows. */
  #end(): number | undefined {
    const match = /(?:[.!?]["')\]]*(?:\s*\[[\d,\s]+\])*|\n)\s+(?=[^\s[])/.exec(this.#rest);
    return match === null ? undefined : match.index + match[0].length;
  }
}
