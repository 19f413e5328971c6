import { isDeepStrictEqual } from 'node:util';
import type { DriftEntry } from '@genai-platform/crds';
import { driftCapacity } from '@genai-platform/crds';
import type { StepContext } from '../../runtime/index.ts';
import type { Platform } from '../kinds.ts';

// As many platforms as have had drift between two writes of their status; an entry takes about 300 bytes.
const CAPACITY = 2_000;

type Context = Pick<StepContext<Platform>, 'object' | 'status'>;

/**
 * What was put back and is not in the status yet. The write that was to tell it may meet a conflict, and the next look
 * finds nothing wrong any more: without this, nobody would ever hear of it.
 */
export class DriftLedger {
  readonly #byUid = new Map<string, readonly DriftEntry[]>();

  /** Puts these into the status, and remembers them until it says so. */
  add(entries: readonly DriftEntry[], { object, status }: Context): void {
    const { uid } = object.metadata;
    const pending = merged(this.#byUid.get(uid) ?? [], entries);
    this.#byUid.delete(uid); // the newest last, so that the oldest goes first
    this.#byUid.set(uid, pending);
    const [oldest] = this.#byUid.keys();
    if (this.#byUid.size > CAPACITY && oldest !== undefined) this.#byUid.delete(oldest);
    status.drift = merged(status.drift ?? [], entries);
  }

  /** Puts into the status what an earlier look was to tell and could not; called at the beginning of a look. */
  remind({ object, status }: Context): void {
    const { uid } = object.metadata;
    const pending = this.#byUid.get(uid);
    if (!pending) return;
    const told = object.status?.drift ?? [];
    const unsaid = pending.filter((entry) => !told.some((known) => isDeepStrictEqual(known, entry)));
    if (unsaid.length === 0) this.#byUid.delete(uid);
    else status.drift = merged(told, unsaid);
  }
}

/** Once for each field of an object by the same manager, so that one who keeps at it does not push out the others. */
function merged(known: readonly DriftEntry[], entries: readonly DriftEntry[]): DriftEntry[] {
  const others = known.filter((other) => !entries.some((entry) => isAboutTheSame(other, entry)));
  return [...others, ...entries].slice(-driftCapacity);
}

function isAboutTheSame(a: DriftEntry, b: DriftEntry): boolean {
  return a.kind === b.kind && a.name === b.name && a.field === b.field && a.manager === b.manager;
}
