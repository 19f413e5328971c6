import type { Cache } from '../cache/cache.ts';
import { StaleView } from '../errors.ts';
import type { CallContext, ObjectClient } from '../object-client.ts';
import type { KubeObject, LiveObject } from '../object.ts';
import type { ObjectRef } from '../resource-kind.ts';
import { describeRef } from '../resource-kind.ts';
import { isConflict, isNotFound } from '../transport/api-error.ts';

/** Puts our finalizer on objects and takes it off. */
export class Finalizer {
  readonly name: string;
  readonly #client: ObjectClient;
  readonly #cache: Cache;

  constructor(name: string, client: ObjectClient, cache: Cache) {
    this.name = name;
    this.#client = client;
    this.#cache = cache;
  }

  isOn(object: KubeObject): boolean {
    return object.metadata.finalizers?.includes(this.name) ?? false;
  }

  /** @returns the object with the finalizer. @throws StaleView */
  async add<T extends KubeObject>(
    ref: ObjectRef<T>,
    object: LiveObject<T>,
    context: CallContext,
  ): Promise<LiveObject<T>> {
    const finalizers = [...(object.metadata.finalizers ?? []), this.name];
    const patched = await this.#patch(ref, object, finalizers, context);
    this.#cache.observed(ref, patched);
    return patched;
  }

  /** An object that is gone meanwhile has no finalizer either. @throws StaleView */
  async remove<T extends KubeObject>(ref: ObjectRef<T>, object: LiveObject<T>, context: CallContext): Promise<void> {
    const finalizers = (object.metadata.finalizers ?? []).filter((name) => name !== this.name);
    try {
      const patched = await this.#patch(ref, object, finalizers, context);
      if (finalizers.length === 0) this.#cache.gone(ref, object.metadata.uid);
      else this.#cache.observed(ref, patched);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.#cache.gone(ref, object.metadata.uid);
    }
  }

  /** A merge patch replaces the whole list: the version keeps it from dropping what another has added meanwhile. */
  async #patch<T extends KubeObject>(
    ref: ObjectRef<T>,
    object: LiveObject<T>,
    finalizers: readonly string[],
    context: CallContext,
  ): Promise<LiveObject<T>> {
    const { uid, resourceVersion } = object.metadata;
    try {
      return await this.#client.mergePatch(ref, { metadata: { uid, resourceVersion, finalizers } }, context);
    } catch (error) {
      if (isConflict(error)) throw new StaleView(`${describeRef(ref)} changed meanwhile`, { cause: error });
      throw error;
    }
  }
}
