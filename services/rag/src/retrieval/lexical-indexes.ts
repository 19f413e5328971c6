import { setImmediate } from 'node:timers/promises';
import type { Clock, Postgres } from '@genai-platform/common';
import type { IndexedDocument } from '../domain/lexical/indexed-document.ts';
import { LexicalIndex } from '../domain/lexical/lexical-index.ts';
import type { Caller } from '../store/caller.ts';
import type { CollectionRow } from '../store/collection-rows.ts';
import { changesAfter, documentsAfter } from '../store/index-feed.ts';
import type { DocumentBatch } from '../store/index-feed.ts';

/** Changes are written down for a day; an index that has not heard of any for this long is read anew. */
const STALE_MS = 12 * 3_600_000;
/** An index of which so much is of documents that are gone is read anew. */
const DEAD_SHARE = 0.3;
const DEAD_CHUNKS = 10_000;
/** How long building may keep the event loop: requests wait at most this much longer for it. */
const SLICE_MS = 6;

interface Held {
  readonly index: LexicalIndex;
  generation: number;
  lastDocument: number;
  heardAtMs: number;
  bytes: number;
}

export interface LexicalIndexesOptions {
  readonly db: Postgres;
  readonly clock: Clock;
  /** Memory for all of them together. */
  readonly maxBytes: number;
}

/**
 * The words of collections in memory. Before every search an index hears what has happened since it was last asked:
 * what a process acknowledged, every process finds by the next query. The least lately asked ones are let go of.
 */
export class LexicalIndexes {
  readonly #options: LexicalIndexesOptions;
  /** In the order in which they were last asked. */
  readonly #held = new Map<string, Held>();
  /** One at a time for each collection. */
  readonly #updates = new Map<string, Promise<void>>();

  constructor(options: LexicalIndexesOptions) {
    this.#options = options;
  }

  /** Memory of all of them, about. */
  get bytes(): number {
    let sum = 0;
    for (const { bytes } of this.#held.values()) sum += bytes;
    return sum;
  }

  /** What they may take together. */
  get maxBytes(): number {
    return this.#options.maxBytes;
  }

  /** The index of a collection, which knows everything up to the row's generation. */
  async get(caller: Caller, { key, generation }: Pick<CollectionRow, 'key' | 'generation'>): Promise<LexicalIndex> {
    for (;;) {
      const held = this.#held.get(key);
      if (held !== undefined && held.generation >= generation && this.#isUsable(held)) {
        this.#held.delete(key);
        this.#held.set(key, held);
        return held.index;
      }
      const running = this.#updates.get(key);
      if (running !== undefined) await running;
      else await this.#beginUpdate(caller, key, generation);
    }
  }

  async #beginUpdate(caller: Caller, key: string, generation: number): Promise<void> {
    const update = this.#update(caller, key, generation).finally(() => this.#updates.delete(key));
    this.#updates.set(key, update);
    await update;
  }

  async #update(caller: Caller, key: string, generation: number): Promise<void> {
    const { db, clock } = this.#options;
    const known = this.#held.get(key);
    const fresh: Held = { index: new LexicalIndex(), generation: 0, lastDocument: -1, heardAtMs: 0, bytes: 0 };
    const held = known !== undefined && this.#isUsable(known) ? known : fresh;
    const heardAtMs = clock.now();
    // What is gone is looked for from the generation before: what is read below may hold it still.
    const before = held.generation;
    await this.#readNew(caller, key, held);
    if (held !== fresh || generation > 0) {
      for (const { document, now } of await changesAfter(db, caller, key, before)) {
        if (now === undefined) held.index.remove(document);
        else held.index.change(document, now.metadata, now.acl);
      }
    }
    Object.assign(held, { generation, heardAtMs, bytes: held.index.bytes });
    this.#held.delete(key);
    this.#held.set(key, held);
    this.#letGo();
  }

  async #readNew(caller: Caller, key: string, held: Held): Promise<void> {
    const read = (after: number): Promise<DocumentBatch> => documentsAfter(this.#options.db, caller, key, after);
    for (let next: Promise<DocumentBatch> | undefined = read(held.lastDocument); next !== undefined;) {
      const { documents, complete }: DocumentBatch = await next;
      // The database reads the next ones while these are taken in.
      next = complete ? undefined : read(documents.at(-1)?.number ?? held.lastDocument);
      next?.catch(() => undefined);
      await this.#take(held, documents);
    }
  }

  async #take(held: Held, documents: readonly IndexedDocument[]): Promise<void> {
    let startedMs = performance.now();
    for (const document of documents) {
      held.index.add(document);
      held.lastDocument = document.number;
      if (performance.now() - startedMs < SLICE_MS) continue;
      await setImmediate();
      startedMs = performance.now();
    }
  }

  #isUsable({ index, heardAtMs }: Held): boolean {
    const { ordinals, liveChunks } = index.documents;
    const dead = ordinals - liveChunks;
    if (dead > DEAD_CHUNKS && dead > DEAD_SHARE * ordinals) return false;
    return this.#options.clock.now() - heardAtMs < STALE_MS;
  }

  /** The one that is asked now stays, however large it is: a collection has a bound of its own. */
  #letGo(): void {
    let bytes = this.bytes;
    for (const [key, held] of this.#held) {
      if (bytes <= this.#options.maxBytes || this.#held.size === 1) return;
      this.#held.delete(key);
      bytes -= held.bytes;
    }
  }
}
