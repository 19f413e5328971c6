import type { Cache } from '../cache/cache.ts';
import type { KindRegistry } from '../kind-registry.ts';
import { mapLimit } from '../map-limit.ts';
import type { ObjectClient } from '../object-client.ts';
import type { LiveObject } from '../object.ts';
import { keyText } from '../object.ts';
import type { Ownership } from '../ownership.ts';
import type { ObjectRef, ResourceKind } from '../resource-kind.ts';
import { kindText } from '../resource-kind.ts';
import type { DeleteOptions } from '../step.ts';
import type { Errand } from './applier.ts';
import { isOwnedBy } from './owner.ts';

export interface RemoverOptions {
  readonly client: ObjectClient;
  readonly cache: Cache;
  readonly kinds: KindRegistry;
  readonly ownership: Ownership;
}

const parallelCalls = 4;

/** Deletes objects, always by UID: never whatever else has the name by now. */
export class Remover {
  readonly #options: RemoverOptions;

  constructor(options: RemoverOptions) {
    this.#options = options;
  }

  refOf(object: LiveObject): ObjectRef {
    return this.#options.kinds.refOf(object);
  }

  /** One that is being deleted already is not asked again. */
  async delete(object: LiveObject, options: DeleteOptions, errand: Errand): Promise<'gone' | 'deleting'> {
    const { client, cache, kinds } = this.#options;
    const ref = kinds.refOf(object);
    const { uid } = object.metadata;
    if (isHeld(object)) return 'deleting';
    const left = await client.delete(ref, { uid, ...options }, errand);
    if (left !== 'gone' && isHeld(left)) {
      cache.observed(ref, left);
      return 'deleting';
    }
    cache.gone(ref, uid);
    return 'gone';
  }

  /** Deletes what the owner has of these kinds beyond what it wants. */
  async prune(
    wanted: readonly ObjectRef[],
    kinds: readonly ResourceKind[],
    errand: Errand,
  ): Promise<readonly ObjectRef[]> {
    const excess = this.excess(wanted, kinds, errand.owner.metadata.uid);
    await mapLimit(excess, parallelCalls, (object) => this.delete(object, {}, errand));
    return excess.map((object) => this.#options.kinds.refOf(object));
  }

  /** What `prune` would delete. */
  excess(wanted: readonly ObjectRef[], kinds: readonly ResourceKind[], ownerUid: string): LiveObject[] {
    const { cache, ownership } = this.#options;
    const keep = new Set(wanted.map((ref) => `${kindText(ref.kind)} ${keyText(ref)}`));
    const beyond = kinds.flatMap((kind) =>
      cache.store(kind).ownedBy(ownerUid, (key) => !keep.has(`${kindText(kind)} ${keyText(key)}`)),
    );
    return beyond.filter(
      (object) => object.metadata.deletionTimestamp === undefined && isOwnedBy(object, ownerUid, ownership),
    );
  }
}

/** Whether a deletion is under way that finalizers or a grace period hold up. */
function isHeld(object: LiveObject): boolean {
  const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata as LiveObject['metadata'] & {
    readonly deletionGracePeriodSeconds?: number;
  };
  if (deletionTimestamp === undefined) return false;
  return (finalizers?.length ?? 0) > 0 || (deletionGracePeriodSeconds ?? 0) > 0;
}
