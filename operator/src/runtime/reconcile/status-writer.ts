import { isDeepStrictEqual } from 'node:util';
import type { Cache } from '../cache/cache.ts';
import type { Condition, Conditions } from '../conditions.ts';
import { StaleView } from '../errors.ts';
import type { CallContext, ObjectClient } from '../object-client.ts';
import type { KubeObject, LiveObject } from '../object.ts';
import type { ObjectRef } from '../resource-kind.ts';
import { describeRef } from '../resource-kind.ts';
import type { StatusDraft } from '../step.ts';
import { isConflict } from '../transport/api-error.ts';

interface StatusBase {
  readonly conditions?: readonly Condition[];
  readonly observedGeneration?: number;
}

/** The conditions an object came with. */
export function conditionsOf(object: KubeObject): readonly Condition[] {
  return statusOf(object).conditions ?? [];
}

/** A copy of the status that steps may write to; the runtime's own fields are not in it. */
export function draftOf<T extends KubeObject>(object: T): StatusDraft<T> {
  const { conditions: _, observedGeneration: __, ...rest } = statusOf(object);
  return structuredClone(rest) as StatusDraft<T>;
}

/** Writes the status of objects, once per reconcile at most, and not at all when it says the same. */
export class StatusWriter {
  readonly #client: ObjectClient;
  readonly #cache: Cache;

  constructor(client: ObjectClient, cache: Cache) {
    this.#client = client;
    this.#cache = cache;
  }

  /**
   * Server-side apply of the whole status, so that fields that are no longer stated go away. The resourceVersion makes
   * the API server refuse a verdict about an object that has changed since.
   * @returns whether it was written. @throws StaleView, ApiError
   */
  async write<T extends KubeObject>(
    ref: ObjectRef<T>,
    object: LiveObject<T>,
    next: { readonly draft: StatusDraft<T>; readonly conditions: Conditions },
    context: CallContext,
  ): Promise<boolean> {
    const observedGeneration = object.metadata.generation;
    const status = withoutUndefined({ ...next.draft, observedGeneration, conditions: next.conditions.list() });
    if (isDeepStrictEqual(status, withoutUndefined(statusOf(object)))) return false;
    const { apiVersion, kind, metadata } = object;
    const { name, namespace, uid, resourceVersion } = metadata;
    const identity = { name, ...(namespace !== undefined && { namespace }), uid, resourceVersion };
    const body = { apiVersion, kind, metadata: identity, status };
    try {
      const reply = await this.#client.apply(ref, body, { force: true, subresource: 'status' }, context);
      this.#cache.observed(ref, reply.object);
      return true;
    } catch (error) {
      if (isConflict(error))
        throw new StaleView(`${describeRef(ref)} changed while it was reconciled`, { cause: error });
      throw error;
    }
  }
}

function statusOf(object: KubeObject): StatusBase {
  return (object as KubeObject & { readonly status?: StatusBase }).status ?? {};
}

/** As it would come back from the API server. */
function withoutUndefined(value: object): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
