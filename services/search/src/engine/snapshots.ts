import type { Postgres } from '@genai-platform/common';
import { AnalyzerPool } from '../domain/analysis/field-analyzers.ts';
import { SegmentGone } from '../domain/segment/segment.ts';
import type { SegmentSource } from '../domain/segment/segment.ts';
import type { Snapshot } from '../domain/segment/snapshot.ts';
import { indexMissing } from '../errors.ts';
import type { Caller } from '../store/caller.ts';
import { fetchDocuments } from '../store/document-rows.ts';
import { readIndexState } from '../store/index-state.ts';
import { buildSnapshot } from './snapshot-builder.ts';

/** Indexes kept; one that is asked for again after it was dropped costs one statement. */
const MAX_SNAPSHOTS = 2_000;
const MAX_ATTEMPTS = 5;

/** The last known state of each index, by tenant and name. Whoever uses one must learn whether it is still current. */
export class Snapshots {
  readonly analyzers = new AnalyzerPool();
  readonly #db: Postgres;
  readonly #source: SegmentSource;
  readonly #snapshots = new Map<string, Snapshot>();

  constructor(db: Postgres, source: SegmentSource) {
    this.#db = db;
    this.#source = source;
  }

  /** What is known of an index: perhaps not current. Reads it where nothing is known. @throws AppError 404 */
  async known(caller: Caller, name: string): Promise<Snapshot> {
    return this.#snapshots.get(keyOf(caller, name)) ?? (await this.current(caller, name));
  }

  /** What an index is now, for what fetches no documents: asks for the generation first. @throws AppError 404 */
  async fresh(caller: Caller, name: string): Promise<Snapshot> {
    const known = this.#snapshots.get(keyOf(caller, name));
    const now = known && (await fetchDocuments(this.#db, caller, name, { numbers: [], fields: false }));
    const same = now?.indexId === known?.indexId && now?.generation === known?.generation;
    return known && same ? known : await this.current(caller, name);
  }

  /** Reads what an index is now, at the earliest when this was called. @throws AppError 404 */
  async current(caller: Caller, name: string): Promise<Snapshot> {
    for (let attempt = 1; ; attempt++)
      try {
        return await this.#read(caller, name);
      } catch (error) {
        // A merge took a segment away between two reads.
        if (!(error instanceof SegmentGone) || attempt >= MAX_ATTEMPTS) throw error;
      }
  }

  /** Forgets an index that is gone. */
  forget(caller: Caller, name: string): void {
    this.#snapshots.delete(keyOf(caller, name));
  }

  async #read(caller: Caller, name: string): Promise<Snapshot> {
    const key = keyOf(caller, name);
    const previous = this.#snapshots.get(key);
    const known = previous && {
      indexId: previous.indexId,
      generation: previous.generation,
      segmentIds: previous.segments.map(({ segment }) => segment.id),
    };
    const state = await readIndexState(this.#db, caller, name, known);
    if (!state) {
      this.#snapshots.delete(key);
      throw indexMissing(name);
    }
    const { tenant } = caller;
    const snapshot = await buildSnapshot({
      tenant,
      name,
      state,
      previous,
      source: this.#source,
      analyzers: this.analyzers,
    });
    this.#keep(key, snapshot);
    return snapshot;
  }

  /** Reads may finish in another order than they began: the newest state stays. */
  #keep(key: string, snapshot: Snapshot): void {
    const present = this.#snapshots.get(key);
    if (present && present.indexId === snapshot.indexId && present.generation > snapshot.generation) return;
    this.#snapshots.delete(key);
    this.#snapshots.set(key, snapshot);
    for (const oldest of this.#snapshots.keys()) {
      if (this.#snapshots.size <= MAX_SNAPSHOTS) break;
      this.#snapshots.delete(oldest);
    }
  }
}

/** A tenant's name may hold any character but a zero. */
function keyOf({ tenant }: Caller, name: string): string {
  return `${tenant}\0${name}`;
}
