import type { Postgres, Transaction } from '@genai-platform/common';
import type { ItemResult } from '../api/document-schemas.ts';
import type { IndexableDocument } from '../domain/document.ts';
import type { Steps } from '../domain/segment/inverter.ts';
import { SegmentBuilder } from '../domain/segment/segment-builder.ts';
import type { SegmentFile } from '../domain/segment/segment-file.ts';
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
import { planBulk } from './bulk.ts';
import type { BulkItem } from './bulk.ts';
import { inSlices } from './in-slices.ts';
import type { Merger } from './merger.ts';
import type { Snapshots } from './snapshots.ts';

export interface IndexerParts {
  readonly db: Postgres;
  readonly snapshots: Snapshots;
  readonly merger: Merger;
  readonly vectors: Readonly<Record<VectorEngine, VectorStore>>;
}

/** Ids of documents by what an upsert did to them. */
export interface UpsertResult {
  readonly created: ReadonlySet<string>;
}

const WRITE_TIMEOUT_MS = 60_000;

/** Writes documents: inverts them into a segment, and commits segment and documents in one transaction. */
export class Indexer {
  readonly #parts: IndexerParts;

  constructor(parts: IndexerParts) {
    this.#parts = parts;
  }

  /**
   * Adds documents, or replaces those with the same ids. When this resolves every search, in whatever process, finds
   * them.
   *
   * @param items are compared with the index, and again where its settings change meanwhile
   * @throws AppError 404
   */
  async upsert(caller: Caller, name: string, items: readonly BulkItem[]): Promise<ItemResult[]> {
    const { snapshots, merger } = this.#parts;
    let snapshot = await snapshots.current(caller, name);
    for (;;) {
      const plan = await inSlices(planBulk(items, snapshot));
      const { documents } = plan;
      if (documents.length === 0) return plan.results({ created: new Set() });
      const file = await inSlices(invert(documents, snapshot));
      const created = await this.#commit(caller, { name, snapshot, documents, file });
      if (created) {
        await merger.afterWrite(caller, name);
        return plan.results({ created });
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

  /** Undefined where the settings are no longer those that the segment was made by. */
  async #commit(
    caller: Caller,
    {
      name,
      snapshot,
      documents,
      file,
    }: { name: string; snapshot: Snapshot; documents: readonly IndexableDocument[]; file: SegmentFile },
  ): Promise<ReadonlySet<string> | undefined> {
    return await this.#write(caller, async (tx) => {
      const index = await lockForWriting(tx, caller, name);
      if (!index) throw indexMissing(name);
      if (index.indexId !== snapshot.indexId || index.revision !== snapshot.revision) return undefined;
      const { indexId, nextNumber: firstNumber } = index;
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

/** Documents inverted between two steps: about a millisecond of text. */
const DOCUMENTS_PER_STEP = 16;

function* invert(documents: readonly IndexableDocument[], { settings, analyzers }: Snapshot): Steps<SegmentFile> {
  const builder = new SegmentBuilder(settings, analyzers);
  for (const [i, document] of documents.entries()) {
    builder.add(document);
    if (i % DOCUMENTS_PER_STEP === 0) yield;
  }
  return yield* builder.finish();
}
