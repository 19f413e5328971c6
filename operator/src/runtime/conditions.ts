export type ConditionStatus = 'True' | 'False' | 'Unknown';

/** metav1.Condition. */
export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  /** The generation of the object that this verdict is about; older than `metadata.generation` means stale. */
  readonly observedGeneration: number;
  /** RFC 3339; moves only when `status` flips. */
  readonly lastTransitionTime: string;
}

/** A condition as a step states it; the runtime adds generation and time. */
export type Verdict = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

/** The summary that the runtime computes for every kind; `kubectl wait` and kstatus read these. */
export const summaryConditions = { ready: 'Ready', reconciling: 'Reconciling', stalled: 'Stalled' } as const;

/** What a change of one condition was, for events. */
export interface Transition {
  readonly from: Condition | undefined;
  readonly to: Condition;
}

// metav1.Condition allows 32768 characters; more than this is a log, not a message.
const longestMessage = 1024;

/**
 * A mutable set of conditions over a starting list. Order is kept, new types are appended, so that an unchanged set
 * compares equal to what it started from.
 */
export class Conditions {
  readonly #byType = new Map<string, Condition>();
  readonly #transitions = new Map<string, Transition>();
  readonly #generation: number;
  readonly #nowText: string;

  /** @param nowMs epoch milliseconds, the time of every flip in this reconcile. */
  constructor(initial: readonly Condition[], generation: number, nowMs: number) {
    for (const condition of initial) this.#byType.set(condition.type, condition);
    this.#generation = generation;
    // metav1.Time has seconds; a finer time would come back different and look like a change.
    this.#nowText = new Date(nowMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
  }

  get(type: string): Condition | undefined {
    return this.#byType.get(type);
  }

  /** States a verdict; keeps `lastTransitionTime` unless the status flips. */
  set(verdict: Verdict): void {
    const from = this.#byType.get(verdict.type);
    const flipped = from?.status !== verdict.status;
    const to: Condition = {
      type: verdict.type,
      status: verdict.status,
      reason: verdict.reason,
      message: clip(verdict.message),
      observedGeneration: this.#generation,
      lastTransitionTime: flipped ? this.#nowText : from.lastTransitionTime,
    };
    this.#byType.set(verdict.type, to);
    if (flipped || from.reason !== to.reason) {
      this.#transitions.set(verdict.type, { from: this.#transitions.get(verdict.type)?.from ?? from, to });
    }
  }

  remove(type: string): void {
    this.#byType.delete(type);
    this.#transitions.delete(type);
  }

  list(): Condition[] {
    return [...this.#byType.values()];
  }

  /** Conditions whose status or reason differs from the start. */
  transitions(): Transition[] {
    return [...this.#transitions.values()].filter(
      ({ from, to }) => from?.status !== to.status || from.reason !== to.reason,
    );
  }
}

function clip(message: string): string {
  return message.length <= longestMessage ? message : `${message.slice(0, longestMessage - 1)}…`;
}
