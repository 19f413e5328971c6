import { AppError } from '@genai-platform/common';
import type { Postgres, Transaction } from '@genai-platform/common';
import type { ItemResult } from '../api/document-schemas.ts';
import type { BulkThread } from '../bulk/bulk-thread.ts';
import { MAX_ITEMS, prepareBulk } from '../domain/prepare-bulk.ts';
import type { BulkSource, ItemOutcome, PreparedBulk } from '../domain/prepare-bulk.ts';
import type { Snapshot } from '../domain/segment/snapshot.ts';
import { indexMissing } from '../errors.ts';
import type { Caller } from '../store/caller.ts';
import { deleteDocuments, insertTombstones, numbersOf, upsertDocuments } from '../store/document-rows.ts';
import { insertSegment } from '../store/segment-rows.ts';
import { deleteVectors } from '../store/vectors.ts';
import type { VectorEngine } from '../store/index-rows.ts';
import type { VectorStore } from '../store/vectors.ts';
import { lockForWriting, recordWrite } from '../store/write-lock.ts';
import type { LockedIndex } from '../store/write-lock.ts';
import { inSlices } from './in-slices.ts';
import type { Merger } from './merger.ts';
import type { Snapshots } from './snapshots.ts';

export interface IndexerParts {
  readonly db: Postgres;
  readonly snapshots: Snapshots;
  readonly merger: Merger;
  readonly vectors: Readonly<Record<VectorEngine, VectorStore>>;
  readonly thread: BulkThread;
}

const WRITE_TIMEOUT_MS = 60_000;
const SMALL_BYTES = 64 * 1024;
const SMALL_ITEMS = 50;

/** Writes documents: inverts them into a segment, and commits segment and documents in one transaction. */
export class Indexer {
  readonly #parts: IndexerParts;

  constructor(parts: IndexerParts) {
    this.#parts = parts;
  }

  /**
   * Adds documents, or replaces those with the same ids. When this resolves every search, in whatever process, finds
   * them. Items are compared with the index, and again where its settings change meanwhile.
   *
   * @throws AppError 400 for a request without items or with too many, 404
   */
  async upsert(caller: Caller, name: string, source: BulkSource): Promise<ItemResult[]> {
    const { snapshots, merger } = this.#parts;
    let snapshot = await snapshots.current(caller, name);
    for (;;) {
      const prepared = await this.#prepare(source, snapshot);
      const { documents, outcomes } = prepared;
      requireItems(outcomes.length);
      if (documents.length === 0) return itemResults(outcomes, new Set());
      const created = await this.#commit(caller, { name, snapshot, prepared });
      if (created) {
        await merger.afterWrite(caller, name);
        return itemResults(outcomes, created);
      }
      snapshot = await snapshots.current(caller, name);
    }
  }

  /** Removes documents; returns the ids that there were. @throws AppError 404 */
  async delete(caller: Caller, name: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const deleted = await this.#write(caller, async (tx) => {
      const index = await lockForWriting(tx, caller, name);
      if (!index) throw indexMissing(name);
      const numbers = await deleteDocuments(tx, caller, index.indexId, ids);
      await this.#bury(tx, caller, index, [...numbers.values()]);
      await recordWrite(tx, caller, { indexId: index.indexId, numbers: 0, documents: -numbers.size });
      return new Set(numbers.keys());
    });
    await this.#parts.merger.afterWrite(caller, name);
    return deleted;
  }

  /** Large requests go to the thread; for small ones the way there would take longer than the work. */
  async #prepare(source: BulkSource, { settings, analyzers }: Snapshot): Promise<PreparedBulk> {
    const large = 'lines' in source ? source.lines.length > SMALL_BYTES : source.values.length > SMALL_ITEMS;
    if (large) return await this.#parts.thread.prepare(source, settings);
    return await inSlices(prepareBulk(source, settings, analyzers));
  }

  /** Undefined where the settings are no longer those that the segment was made by. */
  async #commit(
    caller: Caller,
    { name, snapshot, prepared }: { name: string; snapshot: Snapshot; prepared: PreparedBulk },
  ): Promise<ReadonlySet<string> | undefined> {
    return await this.#write(caller, async (tx) => {
      const index = await lockForWriting(tx, caller, name);
      if (!index) throw indexMissing(name);
      if (index.indexId !== snapshot.indexId || index.revision !== snapshot.revision) return undefined;
      const { indexId, nextNumber: firstNumber } = index;
      const { documents, file } = prepared;
      const before = await numbersOf(
        tx,
        caller,
        indexId,
        documents.map(({ id }) => id),
      );
      await this.#bury(tx, caller, index, [...before.values()]);
      await upsertDocuments(tx, caller, { indexId, firstNumber, documents });
      await insertSegment(tx, caller, { indexId, firstNumber, file });
      if (index.vectorEngine) {
        const vectors = documents.flatMap(({ vector }, i) => (vector ? [[firstNumber + i, vector] as const] : []));
        await this.#parts.vectors[index.vectorEngine].insert(tx, caller, indexId, new Map(vectors));
      }
      await recordWrite(tx, caller, { indexId, numbers: documents.length, documents: documents.length - before.size });
      return new Set(documents.map(({ id }) => id).filter((id) => !before.has(id)));
    });
  }

  /** Numbers whose documents are gone or replaced. */
  async #bury(tx: Transaction, caller: Caller, index: LockedIndex, numbers: readonly number[]): Promise<void> {
    const { indexId, generation, vectorEngine } = index;
    await insertTombstones(tx, caller, { indexId, generation, numbers });
    if (vectorEngine) await deleteVectors(tx, caller, indexId, numbers);
  }

  async #write<T>(caller: Caller, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return await this.#parts.db.withTransaction(
      { identity: caller, statementTimeoutMs: WRITE_TIMEOUT_MS, retries: 3 },
      fn,
    );
  }
}

function requireItems(count: number): void {
  if (count > 0 && count <= MAX_ITEMS) return;
  const detail = count === 0 ? 'the body holds no document' : `at most ${MAX_ITEMS} documents at once`;
  throw new AppError('REQUEST_INVALID', { status: 400, detail });
}

/** A result for every item: created where no document of the id was there before, the first time it is written. */
function itemResults(outcomes: readonly ItemOutcome[], created: ReadonlySet<string>): ItemResult[] {
  const seen = new Set<string>();
  return outcomes.map(({ line, id, issues, malformed }) => {
    if (issues) {
      const code = malformed ? 'SEARCH_DOCUMENT_MALFORMED' : 'SEARCH_DOCUMENT_INVALID';
      return { id, line, status: 400, code, errors: [...issues] };
    }
    const first = created.has(id as string) && !seen.has(id as string);
    seen.add(id as string);
    return { id, line, status: first ? 201 : 200 };
  });
}
