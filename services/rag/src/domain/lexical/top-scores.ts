/** Keeps the best of many: a heap whose root is the worst that is kept. Of equal scores the lower place wins. */
export class TopScores {
  readonly #limit: number;
  readonly #places: number[] = [];
  readonly #scores: number[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  offer(place: number, score: number): void {
    if (this.#places.length < this.#limit) {
      this.#places.push(place);
      this.#scores.push(score);
      this.#rise(this.#places.length - 1);
    } else if (this.#limit > 0 && this.#worse(0, place, score)) {
      this.#places[0] = place;
      this.#scores[0] = score;
      this.#sink();
    }
  }

  /** Best first. */
  list(): { place: number; score: number }[] {
    return this.#places
      .map((place, i) => ({ place, score: this.#scores[i] as number }))
      .sort((a, b) => b.score - a.score || a.place - b.place);
  }

  /** Whether what is kept at `at` is worse than the given. */
  #worse(at: number, place: number, score: number): boolean {
    const kept = this.#scores[at] as number;
    return kept < score || (kept === score && (this.#places[at] as number) > place);
  }

  #rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (this.#worse(parent, this.#places[at] as number, this.#scores[at] as number)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    for (let at = 0; ;) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (
          child < this.#places.length &&
          this.#worse(child, this.#places[worst] as number, this.#scores[worst] as number)
        )
          worst = child;
      }
      if (worst === at) return;
      this.#swap(at, worst);
      at = worst;
    }
  }

  #swap(a: number, b: number): void {
    [this.#places[a], this.#places[b]] = [this.#places[b] as number, this.#places[a] as number];
    [this.#scores[a], this.#scores[b]] = [this.#scores[b] as number, this.#scores[a] as number];
  }
}
