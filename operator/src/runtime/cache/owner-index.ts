import type { KubeObject } from '../object.ts';
import type { Entry } from './entry.ts';

/** Entries by the UIDs of their owners. */
export class OwnerIndex<T extends KubeObject> {
  readonly #byOwner = new Map<string, Set<Entry<T>>>();

  of(uid: string): Iterable<Entry<T>> {
    return this.#byOwner.get(uid) ?? [];
  }

  add(entry: Entry<T>): void {
    for (const uid of entry.owners) {
      const entries = this.#byOwner.get(uid);
      if (entries) entries.add(entry);
      else this.#byOwner.set(uid, new Set([entry]));
    }
  }

  remove(entry: Entry<T>): void {
    for (const uid of entry.owners) {
      const entries = this.#byOwner.get(uid);
      entries?.delete(entry);
      if (entries?.size === 0) this.#byOwner.delete(uid);
    }
  }
}
