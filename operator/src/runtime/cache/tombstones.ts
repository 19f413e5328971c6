import { isOlder } from './resource-version.ts';

// Far longer than a reply or a watch can be behind: both end after half a minute of silence.
const keepMs = 10 * 60_000;

interface Tombstone {
  readonly at: number;
  /** States up to this version are of the dead; undefined: all of them. */
  readonly upTo: string | undefined;
}

/**
 * Objects that are gone, so that a state of them that is still on its way (the reply to a write, overtaken by the
 * watch's DELETED) does not bring them back.
 */
export class Tombstones {
  readonly #monotonic: () => number;
  readonly #byUid = new Map<string, Tombstone>();

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  covers(uid: string, version: string): boolean {
    const tombstone = this.#byUid.get(uid);
    if (!tombstone) return false;
    return tombstone.upTo === undefined || !isOlder(tombstone.upTo, version);
  }

  /** @param upTo the version of the removal; an object that only left the selection may come back with a later one. */
  add(uid: string, upTo?: string): void {
    const now = this.#monotonic();
    // A Map iterates in order of insertion, so that the oldest come first.
    for (const [old, { at }] of this.#byUid) {
      if (now - at < keepMs) break;
      this.#byUid.delete(old);
    }
    this.#byUid.delete(uid);
    this.#byUid.set(uid, { at: now, upTo });
  }
}
