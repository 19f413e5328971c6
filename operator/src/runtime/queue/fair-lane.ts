import { parseKey } from '../object.ts';

/**
 * Keys of one priority: first come first served within a namespace, and the namespaces take turns, so that one with a
 * thousand objects does not hold up one with a single object.
 */
export class FairLane {
  readonly #namespaces = new Map<string, Set<string>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** A key that is in already keeps its place. */
  push(key: string): void {
    const { namespace } = parseKey(key);
    const keys = this.#namespaces.get(namespace);
    if (keys?.has(key)) return;
    if (keys) keys.add(key);
    else this.#namespaces.set(namespace, new Set([key]));
    this.#size += 1;
  }

  shift(): string | undefined {
    // Maps and Sets iterate in order of insertion: the first namespace is the one whose turn is longest ago.
    for (const [namespace, keys] of this.#namespaces) {
      this.#namespaces.delete(namespace);
      for (const key of keys) {
        keys.delete(key);
        if (keys.size > 0) this.#namespaces.set(namespace, keys);
        this.#size -= 1;
        return key;
      }
    }
    return undefined;
  }

  remove(key: string): void {
    const { namespace } = parseKey(key);
    const keys = this.#namespaces.get(namespace);
    if (!keys?.delete(key)) return;
    this.#size -= 1;
    if (keys.size === 0) this.#namespaces.delete(namespace);
  }
}
