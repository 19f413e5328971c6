import type { Cache } from '../cache/cache.ts';
import type { ObjectRef } from '../resource-kind.ts';
import { kindText } from '../resource-kind.ts';
import type { Applied, LazyObjects } from '../step.ts';

interface Memo {
  readonly inputs: string;
  readonly applied: readonly Applied[];
}

/**
 * What was applied last for an owner, and which versions of the objects were found right. While neither the inputs nor
 * those objects change there is nothing to render, parse or compare: a look at a platform at rest costs microseconds per
 * object. Memory only; a new process compares everything once.
 */
export class AppliedMemo {
  readonly #cache: Cache;
  readonly #byOwner = new Map<string, Map<string, Memo>>();

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** The last outcome, if it still holds. */
  recall(ownerUid: string, wanted: LazyObjects): readonly Applied[] | undefined {
    const memo = this.#byOwner.get(ownerUid)?.get(wanted.name);
    if (memo?.inputs !== wanted.inputs) return undefined;
    return memo.applied.every((applied) => this.#holds(applied)) ? memo.applied : undefined;
  }

  remember(ownerUid: string, wanted: LazyObjects, applied: readonly Applied[]): void {
    let memos = this.#byOwner.get(ownerUid);
    if (!memos) this.#byOwner.set(ownerUid, (memos = new Map<string, Memo>()));
    const asFound = applied.map(({ ref, uid, version }): Applied => ({
      ref,
      uid,
      version,
      action: 'unchanged',
      differences: none,
    }));
    memos.set(wanted.name, { inputs: wanted.inputs, applied: asFound });
  }

  /** Whether the object was there when it was last looked at, and nothing of ours has deleted it since. */
  knows(ownerUid: string, ref: ObjectRef): boolean {
    const memos = [...(this.#byOwner.get(ownerUid)?.values() ?? [])];
    return memos.some(({ applied }) => applied.some((known) => known.uid !== '' && isSame(known.ref, ref)));
  }

  /** The object is being deleted on our own account. */
  release(ownerUid: string, ref: ObjectRef): void {
    const memos = this.#byOwner.get(ownerUid);
    for (const [name, { applied }] of memos ?? []) {
      if (applied.some((known) => isSame(known.ref, ref))) memos?.delete(name);
    }
  }

  forget(ownerUid: string): void {
    this.#byOwner.delete(ownerUid);
  }

  #holds({ ref, uid, version }: Applied): boolean {
    const head = this.#cache.has(ref.kind) ? this.#cache.store(ref.kind).head(ref) : undefined;
    if (uid === '') return head === undefined; // there was none, and it was left so
    return head?.uid === uid && head.contentVersion === version;
  }
}

function isSame(a: ObjectRef, b: ObjectRef): boolean {
  return a.name === b.name && a.namespace === b.namespace && kindText(a.kind) === kindText(b.kind);
}

const none: readonly never[] = [];
