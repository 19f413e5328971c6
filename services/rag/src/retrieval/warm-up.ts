import type { Logger, Postgres } from '@genai-platform/common';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../store/caller.ts';
import { collectionOfKey } from '../store/collection-rows.ts';
import type { CollectionRow } from '../store/collection-rows.ts';
import { lastSearched, noteSearched } from '../store/recent-rows.ts';
import type { LexicalIndexes } from './lexical-indexes.ts';

/** The words of smaller collections are read within the first query without anybody noticing. */
const MIN_CHUNKS = 1_000;
const MOST = 200;
const REMEMBERED = 10_000;
const NOTED_FOR_MS = 3_600_000;

export interface WarmUpParts {
  readonly db: Postgres;
  readonly log: Logger;
  readonly indexes: LexicalIndexes;
}

/** Has the words of the collections that are searched in memory before the first query after a start asks for them. */
export class WarmUp {
  readonly #parts: WarmUpParts;
  readonly #noted = new LRUCache<string, true>({ max: REMEMBERED, ttl: NOTED_FOR_MS });
  readonly #ended = new AbortController();
  readonly #notes = new Set<Promise<void>>();

  constructor(parts: WarmUpParts) {
    this.#parts = parts;
  }

  /** Writes down, once an hour, that a collection is searched. Nobody waits for it. */
  note(caller: Caller, { key, chunks }: CollectionRow): void {
    if (chunks < MIN_CHUNKS || this.#noted.has(key) || this.#ended.signal.aborted) return;
    this.#noted.set(key, true);
    const { db, log } = this.#parts;
    const note = noteSearched(db, caller, key)
      .catch((error: unknown) => {
        log.warn({ error }, 'that a collection is searched could not be written down');
      })
      .finally(() => this.#notes.delete(note));
    this.#notes.add(note);
  }

  /** Reads in the background what was searched last, one collection after another, into half of the memory for words. */
  start(): void {
    this.#read().catch((error: unknown) => {
      if (this.#ended.signal.aborted) return;
      this.#parts.log.warn({ error }, 'words could not be read ahead: the first queries will read them');
    });
  }

  /** Ends when what is being written down is. What is being read is given up when the database is closed. */
  async close(): Promise<void> {
    this.#ended.abort();
    await Promise.all(this.#notes);
  }

  async #read(): Promise<void> {
    const { db, indexes } = this.#parts;
    for (const { tenant, key } of await lastSearched(db, MOST)) {
      if (this.#ended.signal.aborted || indexes.bytes > indexes.maxBytes / 2) return;
      const caller = { tenant, subject: 'warm-up' };
      const collection = await collectionOfKey(db, caller, key);
      if (collection !== undefined) await indexes.get(caller, collection);
    }
  }
}
