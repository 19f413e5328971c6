import type { Cache } from '../cache/cache.ts';
import type { Head } from '../cache/store.ts';
import type { ErrorPolicy } from '../errors.ts';
import { RuntimeError, StaleView } from '../errors.ts';
import type { KindRegistry } from '../kind-registry.ts';
import { mapLimit } from '../map-limit.ts';
import type { CallContext, ObjectClient } from '../object-client.ts';
import type { KubeObject, LiveObject } from '../object.ts';
import type { Ownership } from '../ownership.ts';
import type { ObjectRef } from '../resource-kind.ts';
import { describeRef } from '../resource-kind.ts';
import type { Applied, ApplyOptions, DesiredObject } from '../step.ts';
import { isAlreadyExists, isConflict } from '../transport/api-error.ts';
import { isManagedBy, writerOf } from './field-managers.ts';
import { nameImmutable } from './immutable-field.ts';
import { isOwnedBy, NameConflict, stamp } from './owner.ts';
import type { OwnOptions, Plan } from './plan.ts';
import { planObject } from './plan.ts';
import { SettledDifferences } from './settled-differences.ts';
import { fingerprintOf, VerifiedObjects } from './verified-objects.ts';

export interface ApplierOptions {
  readonly client: ObjectClient;
  readonly cache: Cache;
  readonly kinds: KindRegistry;
  readonly ownership: Ownership;
  /** Called when the comparison found a difference that the API server does not see; each is a hint missing. */
  readonly onIdleWrite?: (ref: ObjectRef, plan: Plan) => void;
}

/** On whose behalf, and whether it still may. */
export interface Errand extends CallContext {
  readonly owner: LiveObject;
  /** Told of each object that was dealt with, also where another one of the same call fails. */
  readonly onApplied?: (applied: Applied) => void;
}

interface BasedErrand extends Errand {
  /** See `ApplyOptions`. */
  readonly basis: string | undefined;
}

/** The object of this name is on its way out; it can be made again when it is gone, which the watch will tell. */
class ObjectTerminating extends RuntimeError {
  readonly policy: ErrorPolicy = { retry: 'soon', reason: 'Terminating' };
}

// Enough to hide the latency of one call behind others, too few to crowd out another platform.
const parallelCalls = 4;

/** Makes objects so, with as few calls as can be: none for those that are so already. */
export class Applier {
  readonly #options: ApplierOptions;
  readonly #settled = new SettledDifferences();
  readonly #verified: VerifiedObjects;

  constructor(options: ApplierOptions) {
    this.#options = options;
    this.#verified = new VerifiedObjects(options.cache);
  }

  /** Applies all; those that can be are applied even if others cannot. @throws the joined failures. */
  apply(objects: readonly DesiredObject[], options: ApplyOptions, errand: Errand): Promise<Applied[]> {
    return mapLimit(objects, parallelCalls, async (wanted) => {
      const ignore = typeof options.ignore === 'function' ? options.ignore(wanted) : (options.ignore ?? []);
      const applied = await this.#applyOne(wanted, { ...options, ignore }, errand);
      errand.onApplied?.(applied);
      return applied;
    });
  }

  /**
   * Creates an object unless it exists. The API server decides which, so that a stale cache can never cause a second
   * generation of what must be generated once.
   */
  async create<O extends KubeObject>(wanted: O, options: ApplyOptions, errand: Errand): Promise<LiveObject<O>> {
    const { cache, client, kinds, ownership } = this.#options;
    const ref = kinds.refOf(wanted);
    const known = this.#cached(ref) ?? (await client.get(ref, errand.signal));
    if (known) return this.#claimed(ref, known, options, errand);
    const body = stamp(wanted, errand.owner, ownership, options.retain ?? false) as O;
    try {
      const made = await client.create(ref.kind, body, errand);
      cache.observed(ref, made);
      errand.onApplied?.(this.#created(ref, made));
      return made;
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const live = await client.get(ref, errand.signal);
      if (!live) throw new StaleView(`${describeRef(ref)} was created and deleted meanwhile`, { cause: error });
      cache.observed(ref, live);
      return this.#claimed(ref, live, options, errand);
    }
  }

  async #applyOne(wanted: DesiredObject, options: OwnOptions, errand: Errand): Promise<Applied> {
    const ref = this.#options.kinds.refOf(wanted);
    const head = this.#headOf(ref);
    const fingerprint = fingerprintOf(wanted, options, errand.owner.metadata.uid);
    if (head && this.#verified.covers(head, fingerprint)) return unchanged(ref, head.uid, head.contentVersion);
    const applied = await this.#compareAndApply(ref, wanted, options, errand);
    if (applied.action !== 'left') this.#verified.add(applied.uid, applied.version, fingerprint);
    return applied;
  }

  async #compareAndApply(ref: ObjectRef, wanted: DesiredObject, options: OwnOptions, errand: Errand): Promise<Applied> {
    const cached = this.#cached(ref);
    if (!cached && options.repair === 'edits') return left(ref, '', '');
    const live = cached ?? (await this.#options.client.get(ref, errand.signal));
    if (live) return this.#bringAbout(ref, wanted, live, { options, errand });
    const plan = planObject(wanted, live, errand.owner, { ownership: this.#options.ownership, options });
    return this.#createApplied(ref, plan, errand);
  }

  /** Makes an object that exists as it is wanted, unless it is so already. */
  async #bringAbout(
    ref: ObjectRef,
    wanted: DesiredObject,
    live: LiveObject,
    { options, errand }: { readonly options: OwnOptions; readonly errand: Errand },
  ): Promise<Applied> {
    this.#claimed(ref, live, options, errand);
    const plan = planObject(wanted, live, errand.owner, { ownership: this.#options.ownership, options });
    const { uid } = live.metadata;
    const isSo = plan.action === 'none' || this.#settled.covers(uid, plan);
    if (isSo) return unchanged(ref, uid, this.#versionOf(ref, live));
    if (options.repair && plan.cause === 'change') return left(ref, uid, this.#versionOf(ref, live));
    assertStaying(ref, live);
    return plan.cause === 'drift'
      ? this.#repair(ref, wanted, options, errand)
      : this.#update(ref, live, plan, { ...errand, basis: options.basis?.(wanted) });
  }

  /** What the cache lacks may still exist, outside its selector or just now; then the API server is asked. */
  #cached<O extends KubeObject>(ref: ObjectRef<O>): LiveObject<O> | undefined {
    const { cache } = this.#options;
    return cache.has(ref.kind) ? cache.store(ref.kind).get(ref) : undefined;
  }

  #headOf(ref: ObjectRef): Head | undefined {
    const { cache } = this.#options;
    return cache.has(ref.kind) ? cache.store(ref.kind).head(ref) : undefined;
  }

  /** The cached version of the object if the cache shows just this state of it; a later one has not been looked at. */
  #versionOf(ref: ObjectRef, seen: LiveObject): string {
    const head = this.#headOf(ref);
    return head?.resourceVersion === seen.metadata.resourceVersion ? head.contentVersion : '';
  }

  #claimed<O extends KubeObject>(
    ref: ObjectRef,
    live: LiveObject<O>,
    options: ApplyOptions,
    errand: Errand,
  ): LiveObject<O> {
    const ours = isOwnedBy(live, errand.owner.metadata.uid, this.#options.ownership);
    if (!ours && options.adopt?.(live) !== true) throw new NameConflict(ref, live, options.conflictHint);
    return live;
  }

  /** Without force: whoever made an object of this name since the look-up keeps it. */
  async #createApplied(ref: ObjectRef, plan: Plan, errand: Errand): Promise<Applied> {
    const { client, cache } = this.#options;
    try {
      const { object } = await client.apply(ref, plan.body, { force: false }, errand);
      cache.observed(ref, object);
      return this.#created(ref, object);
    } catch (error) {
      if (isConflict(error))
        throw new StaleView(`${describeRef(ref)} was created by somebody else meanwhile`, { cause: error });
      throw error;
    }
  }

  #created(ref: ObjectRef, made: LiveObject): Applied {
    const { uid } = made.metadata;
    return { ref, action: 'created', uid, version: this.#versionOf(ref, made), differences: [] };
  }

  /** Somebody's edit, as the cache has it: look again before undoing it, and see whose it was. */
  async #repair(ref: ObjectRef, wanted: DesiredObject, options: OwnOptions, errand: Errand): Promise<Applied> {
    const { client, cache, ownership } = this.#options;
    const live = await client.get(ref, errand.signal);
    if (!live) throw new StaleView(`${describeRef(ref)} was deleted meanwhile`);
    cache.observed(ref, live);
    const plan = planObject(wanted, live, errand.owner, { ownership, options });
    const { uid } = live.metadata;
    if (plan.action === 'none') return unchanged(ref, uid, this.#versionOf(ref, live));
    const applied = await this.#update(ref, live, plan, { ...errand, basis: options.basis?.(wanted) });
    const differences = applied.differences.map((difference) => {
      const writer = writerOf(live, difference.segments, ownership.fieldManager);
      return writer ? { ...difference, writer } : difference;
    });
    // The digest leaves out the values of Secrets: one that is still ours as it was is to be another, and nobody's edit.
    const { fieldManager } = ownership;
    const isOwn = wanted.kind === 'Secret' && differences.every(({ segments }) => isManagedBy(fieldManager, live, segments)); // prettier-ignore
    return { ...applied, ...(isOwn && applied.cause && { cause: 'change' }), differences };
  }

  async #update(ref: ObjectRef, live: LiveObject, plan: Plan, { basis, ...errand }: BasedErrand): Promise<Applied> {
    const { cache, onIdleWrite } = this.#options;
    const { uid, resourceVersion } = live.metadata;
    if (basis !== undefined && basis !== resourceVersion)
      throw new StaleView(`${describeRef(ref)} has changed since it was read`);
    // The UID makes the API server refuse if the object was replaced by another of the same name.
    const identity = { uid, ...(basis !== undefined && { resourceVersion: basis }) };
    const body = { ...plan.body, metadata: { ...plan.body.metadata, ...identity } };
    const { object } = await this.#forced(ref, body, errand);
    cache.observed(ref, object);
    const version = this.#versionOf(ref, object);
    if (object.metadata.resourceVersion !== resourceVersion) {
      const cause = plan.cause === undefined ? {} : { cause: plan.cause };
      return { ref, action: 'updated', uid, version, ...cause, differences: plan.differences };
    }
    this.#settled.add(uid, plan);
    onIdleWrite?.(ref, plan);
    return unchanged(ref, uid, version);
  }

  async #forced(ref: ObjectRef, body: KubeObject, errand: Errand): Promise<{ readonly object: LiveObject }> {
    try {
      return await this.#options.client.apply(ref, body, { force: true }, errand);
    } catch (error) {
      if (isConflict(error)) throw new StaleView(`${describeRef(ref)} was replaced meanwhile`, { cause: error });
      throw nameImmutable(ref, error);
    }
  }
}

function unchanged(ref: ObjectRef, uid: string, version: string): Applied {
  return { ref, action: 'unchanged', uid, version, differences: [] };
}

function left(ref: ObjectRef, uid: string, version: string): Applied {
  return { ref, action: 'left', uid, version, differences: [] };
}

function assertStaying(ref: ObjectRef, live: LiveObject): void {
  if (live.metadata.deletionTimestamp !== undefined)
    throw new ObjectTerminating(`${describeRef(ref)} is being deleted`);
}
