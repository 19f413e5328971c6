import type { Clock } from './clock.ts';
import type { Conditions } from './conditions.ts';
import type { Logger } from './logger.ts';
import type { KubeObject, LiveObject } from './object.ts';
import type { FieldDifference } from './apply/compare.ts';
import type { ObjectRef, ResourceKind } from './resource-kind.ts';
import type { Result } from './result.ts';

type Draft<S> = { -readonly [K in keyof S]?: S[K] | undefined };

/** The status of a kind without what the runtime itself writes. Assign to its fields; `undefined` removes one. */
export type StatusDraft<T extends KubeObject> = T extends { readonly status?: infer S }
  ? Draft<Omit<NonNullable<S>, 'conditions' | 'observedGeneration'>>
  : Record<string, unknown>;

/** A wanted object; fields beyond these three belong to the kind. */
export type DesiredObject = KubeObject;

/** Objects that are rendered only when `inputs` or one of the live objects has changed since the last time. */
export interface LazyObjects {
  /** Distinguishes the calls of one reconcile: `secrets`, `wave-1`. */
  readonly name: string;
  /** Everything that `render` depends on, as a short text or digest: generation, facts, the operator's version. */
  readonly inputs: string;
  render(): readonly DesiredObject[];
}

export interface ApplyOptions {
  /** Take over an object that exists and belongs to nobody or to another owner. Off by default: `NameConflict`. */
  readonly adopt?: (live: LiveObject) => boolean;
  /** What somebody may do about a `NameConflict`; ends its message. */
  readonly conflictHint?: string;
  /** Leave out the owner reference, so that the object outlives its owner. The owner label stays. */
  readonly retain?: boolean;
  /**
   * The resourceVersion of the object from which its wanted content was derived, if it was. An object that has changed
   * since is not written: to undo that change as drift would put back what was read before it.
   */
  readonly basis?: (wanted: DesiredObject) => string | undefined;
  /**
   * Only puts back what somebody changed of objects that are wanted as they were applied last (`edits`), or also makes
   * those again that are gone (`all`). What is wanted otherwise than it was applied is left as it is: its turn will come.
   */
  readonly repair?: 'edits' | 'all';
  /** Differences at these paths (`spec.replicas`, `metadata.annotations.x`) are neither written nor reported. */
  readonly ignore?: readonly string[] | ((wanted: DesiredObject) => readonly string[]);
}

/** What became of one wanted object. */
export interface Applied {
  readonly ref: ObjectRef;
  /** `left`: not as wanted, and left so, because only repairs were asked for; `uid` is empty if there is none. */
  readonly action: 'created' | 'updated' | 'unchanged' | 'left';
  readonly uid: string;
  /** The cached content that was found or made right; empty for a kind that is not cached. */
  readonly version: string;
  /** Why it was written: a change of what is wanted, or what somebody else did to it. Absent where nothing was. */
  readonly cause?: 'change' | 'drift';
  /** The fields that differed, with who changed them if it was drift; empty unless `updated`. No values of Secrets. */
  readonly differences: readonly FieldDifference[];
}

export interface DeleteOptions {
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
}

export interface EventInput {
  readonly type: 'Normal' | 'Warning';
  /** PascalCase. */
  readonly reason: string;
  readonly message: string;
  /** An object the event is about besides the reconciled one. */
  readonly related?: KubeObject;
}

/**
 * All that a step may touch. Reads come from the cache, which already holds every write of this process; each returned
 * object is a private copy. Every effect first checks that this process still leads.
 */
export interface StepContext<T extends KubeObject> {
  readonly object: LiveObject<T>;
  /** Aborts at the reconcile's deadline, on loss of leadership and at the end of the drain. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Logger;
  readonly status: StatusDraft<T>;
  /** For conditions beside the step's own. */
  readonly conditions: Pick<Conditions, 'get' | 'set' | 'remove'>;
  /** An object of a watched kind, from the cache. */
  observe<O extends KubeObject>(ref: ObjectRef<O>): LiveObject<O> | undefined;
  /** The objects of a watched kind that belong to this object (by controller reference or owner label). */
  observeOwned<O extends KubeObject>(kind: ResourceKind<O>): LiveObject<O>[];
  /** The objects of a watched kind in a namespace whose labels include `labels`, from the cache. */
  observeLabelled<O extends KubeObject>(
    kind: ResourceKind<O>,
    labels: Readonly<Record<string, string>>,
  ): LiveObject<O>[];
  /** An object straight from the API server; for kinds that are not watched, and where staleness would do harm. */
  read<O extends KubeObject>(ref: ObjectRef<O>): Promise<LiveObject<O> | undefined>;
  /**
   * Makes the objects so by server-side apply; writes only what differs. All are tried; failures are joined.
   * @throws NameConflict, ImmutableField, ApiError, each with its policy.
   */
  apply(objects: readonly DesiredObject[] | LazyObjects, options?: ApplyOptions): Promise<readonly Applied[]>;
  /**
   * Creates the object unless it exists, never changes it, and returns what exists: for generated secrets.
   * @throws NameConflict when it exists and is not ours.
   */
  create<O extends KubeObject>(object: O, options?: ApplyOptions): Promise<LiveObject<O>>;
  /** Deletes exactly this object, by UID. `gone`: it no longer exists; `deleting`: finalizers or grace hold it. */
  delete(object: LiveObject, options?: DeleteOptions): Promise<'gone' | 'deleting'>;
  /** Deletes the owned objects of these kinds that are not among the wanted; returns what it deleted. */
  prune(wanted: readonly ObjectRef[], kinds: readonly ResourceKind[]): Promise<readonly ObjectRef[]>;
  /** Emits an event about the object; best effort, aggregated and rate limited. */
  event(event: EventInput): void;
}

/**
 * One stage of a reconcile. Safe to run twice and safe to stop after any await: the next run starts from what it sees.
 * @typeParam X what the controller's `extend` adds to the context.
 */
export interface Step<T extends KubeObject, X extends object = object> {
  readonly name: string;
  /** The condition that carries this step's result; none for a step that is not worth one. */
  readonly condition?: string;
  run(context: StepContext<T> & X): Promise<Result> | Result;
  /**
   * Called in place of `run` while a step before this one is not done: puts back what others changed of what this one
   * made, and begins nothing. A failure is logged; the next look tries again.
   */
  keep?(context: StepContext<T> & X): Promise<void>;
}
