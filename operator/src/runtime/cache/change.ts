import type { KubeObject, LiveObject } from '../object.ts';

/** One change of the cache, told after it has happened there. */
export interface Change<T extends KubeObject = KubeObject> {
  readonly type: 'added' | 'updated' | 'deleted';
  /** The new state; for `deleted` the last known. */
  readonly object: LiveObject<T>;
  /** The state before, of an update; parsed only when asked for. */
  previous(): LiveObject<T> | undefined;
}
