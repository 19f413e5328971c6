import type { KubeObject, ObjectKey, LiveObject } from './object.ts';
import type { ResourceKind } from './resource-kind.ts';
import type { Applied, Step, StepContext } from './step.ts';

/** A kind to watch because its objects concern the reconciled kind. */
export interface Watch<O extends KubeObject = KubeObject> {
  readonly kind: ResourceKind<O>;
  /** Label selector of the LIST and WATCH, so that strangers' objects are never cached. */
  readonly selector?: string;
  /** The kind may not be installed (a CRD of another product): until it is, it counts as empty. */
  readonly optional?: boolean;
  /** Drops fields that nobody reads before the object is cached. `managedFields` never is. */
  transform?(object: LiveObject<O>): LiveObject<O>;
  /**
   * Which objects to reconcile when this one changes; by default its controller, if of the reconciled kind.
   * @param reconciled those of the reconciled kind in its namespace.
   */
  keys?(object: LiveObject<O>, reconciled: () => Iterable<LiveObject>): readonly ObjectKey[];
}

/** An owned kind: the default mapping, and a selector of its own where the controller's is not wanted. */
export type Owned = ResourceKind | Watch;

export interface ControllerOptions<T extends KubeObject, X extends object = object> {
  readonly kind: ResourceKind<T>;
  /** Kinds whose objects this one applies. */
  readonly owns: readonly Owned[];
  /** Kinds that it only looks at. */
  readonly watches?: readonly Watch[];
  /** In order; a step runs when all before it are done. */
  readonly steps: readonly Step<T, X>[];
  /** In order, while the object is being deleted; the finalizer goes when all are done. Without them there is no finalizer. */
  readonly finalize?: readonly Step<T, X>[];
  /** What the steps get in addition: configuration, clients, what is rendered once per reconcile. */
  extend?(context: StepContext<T>): X;
  /** Told of each object that somebody else edited or deleted and that was put back: `differences` says what by whom. */
  repaired?(applied: Applied, context: StepContext<T>): void;
  /** No steps run and no finalizer is added while this says so; deletion still works. */
  suspended?(object: LiveObject<T>): boolean;
  /** Puts into the status what a suspended object should say of itself. */
  tellSuspended?(context: StepContext<T>): void;
  /** Reconciles under way at once, of different objects. Default 4. */
  readonly concurrency?: number;
  /** Longest reconcile. Default 300,000. */
  readonly deadlineMs?: number;
  /** A settled or stalled object is looked at again after this, ±10 %. Default 600,000. */
  readonly resyncMs?: number;
}

/** A controller with its name and defaults filled in. */
export interface Controller<T extends KubeObject = KubeObject> extends Required<
  Pick<ControllerOptions<T>, 'kind' | 'steps' | 'finalize' | 'concurrency' | 'deadlineMs' | 'resyncMs'>
> {
  readonly name: string;
  readonly owns: readonly Watch[];
  readonly watches: readonly Watch[];
  extend(context: StepContext<T>): object;
  suspended(object: LiveObject<T>): boolean;
  repaired(applied: Applied, context: StepContext<T>): void;
  tellSuspended(context: StepContext<T>): void;
}

const defaults = { concurrency: 4, deadlineMs: 300_000, resyncMs: 600_000 };

/**
 * Declares a controller: data only, nothing runs until a manager starts it.
 * @throws Error when two steps state the same condition, which would make them overwrite each other.
 */
export function defineController<T extends KubeObject, X extends object = object>(
  options: ControllerOptions<T, X>,
): Controller<T> {
  const finalize = options.finalize ?? [];
  assertDistinct(options.kind.kind, options.steps);
  assertDistinct(options.kind.kind, finalize);
  return {
    name: options.kind.kind.toLowerCase(),
    kind: options.kind,
    owns: options.owns.map(asWatch),
    watches: options.watches ?? [],
    // The runtime calls a step only with what `extend` returned, which is what the step asks for.
    steps: options.steps,
    finalize: finalize,
    concurrency: options.concurrency ?? defaults.concurrency,
    deadlineMs: options.deadlineMs ?? defaults.deadlineMs,
    resyncMs: options.resyncMs ?? defaults.resyncMs,
    extend: (context) => options.extend?.(context) ?? {},
    suspended: (object) => options.suspended?.(object) ?? false,
    repaired: (applied, context) => options.repaired?.(applied, context),
    tellSuspended: (context) => options.tellSuspended?.(context),
  };
}

function asWatch(owned: Owned): Watch {
  return typeof owned.kind === 'string' ? { kind: owned as ResourceKind } : (owned as Watch);
}

function assertDistinct(kind: string, steps: readonly Pick<Step<KubeObject>, 'name' | 'condition'>[]): void {
  const seen = new Set<string>();
  for (const { name, condition } of steps) {
    if (condition !== undefined && seen.has(condition))
      throw new Error(`${kind}: two steps state ${condition} (${name})`);
    if (condition !== undefined) seen.add(condition);
  }
}
