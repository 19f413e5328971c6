// Far longer than a watch can be behind: it is connected anew after half a minute of silence.
const keepMs = 10 * 60_000;

/** UIDs that this process has deleted for good, of which the watch may still deliver earlier states. */
export class Tombstones {
  readonly #monotonic: () => number;
  readonly #buriedAt = new Map<string, number>();

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  has(uid: string): boolean {
    return this.#buriedAt.has(uid);
  }

  add(uid: string): void {
    const now = this.#monotonic();
    // A Map iterates in order of insertion, so that the oldest come first.
    for (const [old, buriedAt] of this.#buriedAt) {
      if (now - buriedAt < keepMs) break;
      this.#buriedAt.delete(old);
    }
    this.#buriedAt.set(uid, now);
  }
}
