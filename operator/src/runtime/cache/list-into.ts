import { RuntimeError } from '../errors.ts';
import type { ErrorPolicy } from '../errors.ts';
import type { ObjectClient } from '../object-client.ts';
import type { KubeObject, LiveObject } from '../object.ts';
import type { Change } from './change.ts';
import type { Scope } from './list-pages.ts';
import { listPages } from './list-pages.ts';
import { isOlder } from './resource-version.ts';
import type { Store } from './store.ts';

/** A LIST from before what has been seen: of a server that lags, or of a cluster restored from a backup. */
export class StaleList extends RuntimeError {
  readonly policy: ErrorPolicy = { retry: 'backoff', reason: 'StaleList' };
}

export interface ListTarget<T extends KubeObject> {
  readonly scope: Scope<T>;
  readonly store: Store<T>;
  readonly client: ObjectClient;
  /** Applied to every object before it is stored. */
  readonly transform: (object: LiveObject<T>) => LiveObject<T>;
  /** Called with what changed, after it has. */
  readonly tell: (changes: readonly Change<T>[]) => void;
}

/**
 * Takes a whole LIST into the store, page by page, and returns its version, from which to watch.
 * @param seen the newest version seen so far.
 * @throws StaleList before anything is taken in, when the list is older than `seen`.
 */
export async function listInto<T extends KubeObject>(
  target: ListTarget<T>,
  seen: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const { scope, store } = target;
  const listed = new Set<string>();
  let version = '';
  for await (const page of listPages(target.client, scope, signal)) {
    const pageVersion = page.metadata.resourceVersion ?? '';
    // Another version means a new start after an expired token: what the first one listed may be gone by now.
    if (pageVersion !== version) listed.clear();
    version = pageVersion;
    if (seen !== undefined && isOlder(version, seen))
      throw new StaleList(`a list at version ${version}, after ${seen}`);
    for (const item of page.items ?? []) {
      const object = target.transform(item as LiveObject<T>);
      listed.add(object.metadata.uid);
      target.tell(store.put(object));
    }
  }
  target.tell(store.retain(listed, version, scope.namespace));
  return version;
}
