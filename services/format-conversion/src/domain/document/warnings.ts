/** One thing that the target cannot say, or that the source did not let us read. */
export interface Warning {
  /** Stable, machine-readable: SCREAMING_SNAKE. */
  code: string;
  /** For a person: what was lost and what stands in its place. */
  detail: string;
  /** Place in the source or target ("page 3", "table 2"), when one is known. */
  where?: string;
  /** How often the same thing happened. */
  count: number;
}

const MAX_DISTINCT = 100;

/**
 * Collects what was lost. The same code with the same detail is counted, not repeated, so that ten thousand
 * unencodable characters stay one warning; `where` is that of the first.
 */
export class Warnings {
  readonly #byKey = new Map<string, Warning>();

  add(code: string, detail: string, where?: string): void {
    const key = `${code}\0${detail}`;
    const known = this.#byKey.get(key);
    if (known) {
      known.count += 1;
    } else if (this.#byKey.size < MAX_DISTINCT) {
      this.#byKey.set(key, { code, detail, ...(where === undefined ? {} : { where }), count: 1 });
    }
  }

  list(): Warning[] {
    return [...this.#byKey.values()];
  }
}
