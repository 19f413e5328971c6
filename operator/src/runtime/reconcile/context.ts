import type { Applier, Errand } from '../apply/applier.ts';
import type { Remover } from '../apply/remover.ts';
import type { Cache } from '../cache/cache.ts';
import type { Clock } from '../clock.ts';
import { Conditions } from '../conditions.ts';
import { StaleView } from '../errors.ts';
import type { EventRecorder } from '../events/recorder.ts';
import type { Logger } from '../logger.ts';
import type { ObjectClient } from '../object-client.ts';
import type { KubeObject, LiveObject } from '../object.ts';
import type { ObjectRef, ResourceKind } from '../resource-kind.ts';
import { describeRef } from '../resource-kind.ts';
import type {
  Applied,
  ApplyOptions,
  DeleteOptions,
  DesiredObject,
  EventInput,
  LazyObjects,
  StatusDraft,
  StepContext,
} from '../step.ts';
import type { AppliedMemo } from './applied-memo.ts';
import { conditionsOf, draftOf } from './status-writer.ts';

/** What all reconciles share. */
export interface Services {
  readonly client: ObjectClient;
  readonly cache: Cache;
  readonly applier: Applier;
  readonly remover: Remover;
  readonly memo: AppliedMemo;
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly clock: Clock;
}

export interface ContextInput<T extends KubeObject> {
  readonly ref: ObjectRef<T>;
  readonly object: LiveObject<T>;
  readonly log: Logger;
  readonly errand: Errand;
  /** Told of what somebody else edited or deleted and was put back. */
  readonly onRepaired?: (applied: Applied, context: StepContext<T>) => void;
}

/** What one reconcile gives to its steps. Its functions may be taken out of it: steps destructure their context. */
export class ReconcileContext<T extends KubeObject> implements StepContext<T> {
  readonly object: LiveObject<T>;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Logger;
  readonly status: StatusDraft<T>;
  readonly conditions: Conditions;
  readonly #services: Services;
  readonly #ref: ObjectRef<T>;
  readonly #errand: Errand;
  #confirmed: Promise<void> | undefined;

  constructor(services: Services, input: ContextInput<T>) {
    const { object, errand, log, ref } = input;
    this.object = object;
    this.signal = errand.signal;
    this.clock = services.clock;
    this.log = log;
    this.status = draftOf(object);
    this.conditions = new Conditions(conditionsOf(object), object.metadata.generation ?? 0, services.clock.now());
    this.#services = services;
    this.#ref = ref;
    this.#errand = {
      ...errand,
      onApplied: (applied) => {
        const repaired = this.#asRepair(applied);
        if (repaired) input.onRepaired?.(repaired, this);
      },
    };
  }

  readonly observe = <O extends KubeObject>(ref: ObjectRef<O>): LiveObject<O> | undefined =>
    this.#services.cache.store(ref.kind).get(ref);

  readonly observeOwned = <O extends KubeObject>(kind: ResourceKind<O>): LiveObject<O>[] =>
    this.#services.cache.store(kind).ownedBy(this.object.metadata.uid);

  readonly observeLabelled = <O extends KubeObject>(
    kind: ResourceKind<O>,
    labels: Readonly<Record<string, string>>,
  ): LiveObject<O>[] => {
    const wanted = Object.entries(labels);
    const all = [...this.#services.cache.store(kind).list(this.object.metadata.namespace)];
    return all.filter((object) => wanted.every(([name, value]) => object.metadata.labels?.[name] === value));
  };

  readonly read = <O extends KubeObject>(ref: ObjectRef<O>): Promise<LiveObject<O> | undefined> =>
    this.#services.client.get(ref, this.signal);

  readonly apply = async (
    wanted: readonly DesiredObject[] | LazyObjects,
    options: ApplyOptions = {},
  ): Promise<readonly Applied[]> => {
    const { applier, memo } = this.#services;
    if (!('render' in wanted)) return applier.apply(wanted, options, this.#errand);
    const { uid } = this.object.metadata;
    const known = memo.recall(uid, wanted);
    if (known) return known;
    const applied = await applier.apply(wanted.render(), options, this.#errand);
    memo.remember(uid, wanted, applied);
    return applied;
  };

  readonly create = <O extends KubeObject>(object: O, options: ApplyOptions = {}): Promise<LiveObject<O>> =>
    this.#services.applier.create(object, options, this.#errand);

  readonly delete = async (object: LiveObject, options: DeleteOptions = {}): Promise<'gone' | 'deleting'> => {
    await this.#confirm();
    const { remover, memo } = this.#services;
    memo.release(this.object.metadata.uid, remover.refOf(object));
    return remover.delete(object, options, this.#errand);
  };

  readonly prune = async (
    wanted: readonly ObjectRef[],
    kinds: readonly ResourceKind[],
  ): Promise<readonly ObjectRef[]> => {
    const { remover } = this.#services;
    if (remover.excess(wanted, kinds, this.object.metadata.uid).length === 0) return [];
    await this.#confirm();
    return remover.prune(wanted, kinds, this.#errand);
  };

  readonly event = (event: EventInput): void => {
    this.#services.recorder.record(this.object, event, this.#errand);
  };

  /** What is made although it was there before has been deleted by somebody. */
  #asRepair(applied: Applied): Applied | undefined {
    if (applied.cause === 'drift') return applied;
    const lost = applied.action === 'created' && this.#services.memo.knows(this.object.metadata.uid, applied.ref);
    return lost ? { ...applied, cause: 'drift' } : undefined;
  }

  /**
   * Before anything is deleted: what is deleted depends on the object's spec, and the cache may lag behind it (a watch
   * that is frozen, a leader that has just taken over). One read per reconcile that deletes.
   * @throws StaleView
   */
  #confirm(): Promise<void> {
    return (this.#confirmed ??= this.#assertCurrent());
  }

  async #assertCurrent(): Promise<void> {
    const { client, cache } = this.#services;
    const live = await client.get(this.#ref, this.signal);
    if (live) cache.observed(this.#ref, live);
    const { uid, generation, deletionTimestamp } = this.object.metadata;
    const same = live?.metadata.uid === uid && live.metadata.generation === generation;
    if (!same || live.metadata.deletionTimestamp !== deletionTimestamp) {
      throw new StaleView(`${describeRef(this.#ref)} is not what the cache says; looking again before deleting`);
    }
  }
}
