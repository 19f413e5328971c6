import { isDeepStrictEqual } from 'node:util';
import type { Cache } from '../cache/cache.ts';
import type { Change } from '../cache/change.ts';
import type { Controller, Watch } from '../controller.ts';
import type { KubeObject, LiveObject, ObjectKey } from '../object.ts';
import { controllerOf, keyOf, keyText } from '../object.ts';
import type { Priority } from '../queue/priority.ts';
import { priorities } from '../queue/priority.ts';

export type AddKey = (key: string, priority: Priority) => void;

/** Turns changes of the cache into keys of the controller's objects. */
export function feed(controller: Controller, cache: Cache, ownerLabel: string, add: AddKey): void {
  cache.listen(controller.kind, (change) => {
    if (isOwnStatus(change)) return;
    add(keyText(keyOf(change.object)), priorities.user);
  });
  const owners = new OwnersByUid(controller, cache, ownerLabel);
  for (const watch of [...controller.owns, ...controller.watches]) {
    cache.listen(watch.kind, (change) => {
      for (const key of keysOf(change.object, watch, owners)) add(keyText(key), priorities.related);
    });
  }
}

/** Every object of the controller, as at the start of a term. */
export function feedAll(controller: Controller, cache: Cache, add: AddKey): void {
  for (const key of cache.store(controller.kind).keys()) add(keyText(key), priorities.resync);
}

/**
 * Whether nothing but the status differs. Nobody else writes it, and reacting to one's own writes would turn an error
 * with a changing message into a loop without backoff.
 */
function isOwnStatus(change: Change): boolean {
  const previous = change.previous();
  if (change.type !== 'updated' || !previous) return false;
  return isDeepStrictEqual(withoutStatus(previous), withoutStatus(change.object));
}

function withoutStatus(object: LiveObject): unknown {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, status: undefined, metadata };
}

function keysOf(object: LiveObject, watch: Watch, owners: OwnersByUid): readonly ObjectKey[] {
  if (watch.keys) return watch.keys(object, () => owners.inNamespaceOf(object));
  const owner = owners.controlling(object) ?? owners.labelled(object);
  return owner ? [owner] : [];
}

/** Finds objects of the controller's kind by what owned objects say of them. */
class OwnersByUid {
  readonly #controller: Controller;
  readonly #cache: Cache;
  readonly #label: string;
  readonly #byUid = new Map<string, ObjectKey>();

  constructor(controller: Controller, cache: Cache, ownerLabel: string) {
    this.#controller = controller;
    this.#cache = cache;
    this.#label = ownerLabel;
    for (const object of cache.store(controller.kind).list()) this.#note({ type: 'added', object });
    cache.listen(controller.kind, (change) => {
      this.#note(change);
    });
  }

  controlling(object: KubeObject): ObjectKey | undefined {
    const owner = controllerOf(object);
    const { kind } = this.#controller;
    if (owner?.kind !== kind.kind || !owner.apiVersion.startsWith(`${kind.group}/`)) return undefined;
    return { namespace: kind.namespaced ? (object.metadata.namespace ?? '') : '', name: owner.name };
  }

  /** The label is all there is where a reference cannot be: in other namespaces, and on what is to be retained. */
  labelled(object: KubeObject): ObjectKey | undefined {
    return this.#byUid.get(object.metadata.labels?.[this.#label] ?? '');
  }

  inNamespaceOf(object: KubeObject): Iterable<LiveObject> {
    return this.#cache.store(this.#controller.kind).list(object.metadata.namespace);
  }

  #note({ type, object }: Pick<Change<KubeObject>, 'type' | 'object'>): void {
    if (type === 'deleted') this.#byUid.delete(object.metadata.uid);
    else this.#byUid.set(object.metadata.uid, keyOf(object));
  }
}
