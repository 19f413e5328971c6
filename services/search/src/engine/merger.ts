import type { Logger, Postgres, Transaction } from '@genai-platform/common';
import { chooseMerge } from '../domain/segment/merge-policy.ts';
import { mergeSegments } from '../domain/segment/merge-segments.ts';
import type { MergeInput, MergedSegment } from '../domain/segment/merge-segments.ts';
import { SegmentGone } from '../domain/segment/segment.ts';
import type { LiveSegment, SegmentSource } from '../domain/segment/segment.ts';
import type { Snapshot } from '../domain/segment/snapshot.ts';
import type { Caller } from '../store/caller.ts';
import { deleteTombstones } from '../store/document-rows.ts';
import { deleteSegments, insertSegment } from '../store/segment-rows.ts';
import { claimMerge, lockForWriting, releaseMerge } from '../store/write-lock.ts';
import { inSlices } from './in-slices.ts';
import type { Snapshots } from './snapshots.ts';

/** With more segments than this a writer waits for the merging: it must not run away from it. */
const MAX_SEGMENTS = 48;

export interface MergerParts {
  readonly db: Postgres;
  readonly snapshots: Snapshots;
  readonly source: SegmentSource;
  readonly log: Logger;
}

/** Keeps the number of segments small, in the background of writes. Any process may do it, one at a time does. */
export class Merger {
  readonly #parts: MergerParts;
  readonly #running = new Map<string, Promise<void>>();

  constructor(parts: MergerParts) {
    this.#parts = parts;
  }

  /** Starts merging where an index needs it; waits only where writes are far ahead. Never fails a write. */
  async afterWrite(caller: Caller, name: string): Promise<void> {
    const snapshot = await this.#parts.snapshots.current(caller, name).catch(() => undefined);
    if (!snapshot || !chooseMerge(snapshot.segments.map(candidate))) return;
    const key = `${caller.tenant}\0${name}`;
    const running = this.#running.get(key) ?? this.#start(key, caller, name);
    if (snapshot.segments.length > MAX_SEGMENTS) await running;
  }

  /** Resolves when nothing is being merged by this process. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  #start(key: string, caller: Caller, name: string): Promise<void> {
    const { log } = this.#parts;
    const run = this.#mergeAll(caller, name)
      .catch((error: unknown) => log.warn({ error, tenant: caller.tenant, index: name }, 'merging segments failed'))
      .finally(() => this.#running.delete(key));
    this.#running.set(key, run);
    return run;
  }

  async #mergeAll(caller: Caller, name: string): Promise<void> {
    const { db } = this.#parts;
    const claimed = await db.withTransaction({ identity: caller }, (tx) => claimMerge(tx, caller, name));
    if (!claimed) return;
    try {
      while (await this.#mergeOnce(caller, name));
    } finally {
      await db.withTransaction({ identity: caller }, (tx) => releaseMerge(tx, caller, name));
    }
  }

  /** Merges one run of segments; false where nothing needs it. */
  async #mergeOnce(caller: Caller, name: string): Promise<boolean> {
    const { db, snapshots } = this.#parts;
    const snapshot = await snapshots.current(caller, name);
    const run = chooseMerge(snapshot.segments.map(candidate));
    if (!run) return false;
    const sources = snapshot.segments.slice(...run);
    const started = performance.now();
    const merged = await inSlices(mergeSegments(await this.#read(sources), snapshot.settings));
    await db.withTransaction({ identity: caller, statementTimeoutMs: 60_000, retries: 3 }, (tx) =>
      replace(tx, caller, { snapshot, sources, merged }),
    );
    const { log } = this.#parts;
    const ms = Math.round(performance.now() - started);
    log.debug({ index: name, segments: sources.length, documents: merged.numbers.length, ms }, 'segments merged');
    return true;
  }

  /** One segment after another: on the wire bytes take twice their size. */
  async #read(sources: readonly LiveSegment[]): Promise<MergeInput[]> {
    const inputs: MergeInput[] = [];
    for (const source of sources) {
      const { segment } = source;
      const [bytes] = await this.#parts.source.read([{ segment, offset: 0, length: segment.bytes }]);
      inputs.push({ ...source, bytes: bytes as Uint8Array });
    }
    return inputs;
  }
}

interface Replacement {
  readonly snapshot: Snapshot;
  readonly sources: readonly LiveSegment[];
  readonly merged: MergedSegment;
}

/** Puts the merged segment in the place of its sources, unless one of them is gone or the settings changed. */
async function replace(tx: Transaction, caller: Caller, { snapshot, sources, merged }: Replacement): Promise<void> {
  const index = await lockForWriting(tx, caller, snapshot.name);
  const ids = sources.map(({ segment }) => segment.id);
  if (!index || index.indexId !== snapshot.indexId || index.revision !== snapshot.revision)
    throw new SegmentGone(ids.join(', '));
  // The lock comes first, so nobody else can be replacing the same segments.
  const removed = await deleteSegments(tx, caller, ids);
  if (removed !== ids.length) throw new SegmentGone(ids.join(', '));
  const { indexId } = index;
  const [firstNumber] = merged.numbers;
  if (firstNumber !== undefined) await insertSegment(tx, caller, { indexId, firstNumber, file: merged.file });
  await deleteTombstones(tx, caller, indexId, sources.flatMap(buriedNumbers));
}

/** Numbers that the merge left out. Those deleted since then keep their tombstones: the new segment holds them. */
function buriedNumbers({ segment, live }: LiveSegment): number[] {
  const numbers: number[] = [];
  live
    ?.clone()
    .invert()
    .forEach((ordinal) => numbers.push(segment.numbers.numberOf(ordinal)));
  return numbers;
}

function candidate({ segment, live }: LiveSegment): { documents: number; live: number; bytes: number } {
  return { documents: segment.documents, live: live?.count() ?? segment.documents, bytes: segment.bytes };
}
