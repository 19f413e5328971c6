import type { VisibleSegment } from '../domain/ranking/visibility.ts';
import { visibleSegments } from '../domain/ranking/visibility.ts';
import type { PartCache } from '../domain/segment/part-cache.ts';
import type { Snapshot } from '../domain/segment/snapshot.ts';
import type { Caller } from '../store/caller.ts';

/** What a search works on: one state of one index, as one caller may see it. */
export interface SearchContext {
  readonly caller: Caller;
  readonly snapshot: Snapshot;
  readonly visible: readonly VisibleSegment[];
  readonly parts: PartCache;
}

/** Different callers' views of one snapshot that are kept: with access control each is a walk over all documents. */
const MAX_VIEWS = 256;

/** What each caller may see of each snapshot; views go with their snapshot. */
export class Views {
  readonly #parts: PartCache;
  readonly #views = new WeakMap<Snapshot, Map<string, Promise<VisibleSegment[]>>>();

  constructor(parts: PartCache) {
    this.#parts = parts;
  }

  async open(caller: Caller, snapshot: Snapshot, principals: readonly string[]): Promise<SearchContext> {
    const visible = await this.#view(snapshot, principals);
    return { caller, snapshot, visible, parts: this.#parts };
  }

  #view(snapshot: Snapshot, principals: readonly string[]): Promise<VisibleSegment[]> {
    const views = this.#views.get(snapshot) ?? new Map<string, Promise<VisibleSegment[]>>();
    this.#views.set(snapshot, views);
    const key = snapshot.settings.acl ? JSON.stringify([...principals].sort()) : '';
    const known = views.get(key);
    if (known) return known;
    const view = visibleSegments(snapshot, principals, this.#parts);
    if (views.size >= MAX_VIEWS) views.clear();
    views.set(key, view);
    // A view that could not be read must not stay.
    view.catch(() => views.delete(key));
    return view;
  }
}
