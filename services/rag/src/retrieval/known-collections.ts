import { LRUCache } from 'lru-cache';
import type { Caller } from '../store/caller.ts';
import type { CollectionRow } from '../store/collection-rows.ts';

/** Requests' lists of names. */
const REMEMBERED = 1_000;

interface Known {
  readonly rows: readonly CollectionRow[];
  /** Whether they were found as they had been the time before. */
  readonly isSteady: boolean;
}

/**
 * Collections as they were found by the last request for them. A search begins with these while it is being asked what
 * they are now, and counts where that is the same. Collections that change between requests are waited for instead.
 */
export class KnownCollections {
  readonly #known = new LRUCache<string, Known>({ max: REMEMBERED });

  /** What will most likely be found again. */
  expected(caller: Caller, names: readonly string[]): readonly CollectionRow[] | undefined {
    const known = this.#known.get(keyOf(caller, names));
    return known?.isSteady === true ? known.rows : undefined;
  }

  /** They are now as these rows say. */
  note(caller: Caller, names: readonly string[], rows: readonly CollectionRow[]): void {
    const key = keyOf(caller, names);
    const before = this.#known.get(key);
    this.#known.set(key, { rows, isSteady: before !== undefined && areSame(before.rows, rows) });
  }
}

/** Whether a search finds the same in both. Whatever is written to a collection raises its revision or its generation. */
export function areSame(some: readonly CollectionRow[], others: readonly CollectionRow[]): boolean {
  const stateOf = ({ key, revision, generation, space }: CollectionRow): unknown[] => [key, revision, generation, space?.key]; // prettier-ignore
  return JSON.stringify(some.map(stateOf)) === JSON.stringify(others.map(stateOf));
}

function keyOf({ tenant }: Caller, names: readonly string[]): string {
  return JSON.stringify([tenant, ...names]);
}
