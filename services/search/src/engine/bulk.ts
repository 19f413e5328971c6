import type { ItemResult } from '../api/document-schemas.ts';
import { parseDocument } from '../domain/document.ts';
import type { IndexableDocument, Issue } from '../domain/document.ts';
import type { Steps } from '../domain/segment/inverter.ts';
import type { Snapshot } from '../domain/segment/snapshot.ts';
import type { UpsertResult } from './indexer.ts';

/** One item of a bulk request: a value, or what kept it from being one. */
export interface BulkItem {
  /** Of the request, from 1. */
  readonly line: number;
  readonly value?: unknown;
  readonly malformed?: string;
}

/** Items compared with an index: the documents to write, and a result for every item. */
export interface BulkPlan {
  readonly documents: readonly IndexableDocument[];
  results(upserted: UpsertResult): ItemResult[];
}

const ITEMS_PER_STEP = 64;

/** Items of newline-delimited JSON (a value a line; empty lines do not count). */
export function* parseLines(text: string): Steps<BulkItem[]> {
  const items: BulkItem[] = [];
  let line = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const piece = text.slice(start, end).trim();
    start = end + 1;
    line++;
    if (piece === '') continue;
    items.push(parseLine(piece, line));
    if (items.length % ITEMS_PER_STEP === 0) yield;
  }
  return items;
}

function parseLine(piece: string, line: number): BulkItem {
  try {
    return { line, value: JSON.parse(piece) };
  } catch {
    return { line, malformed: 'the line is not JSON' };
  }
}

/**
 * Checks items against an index. Of several items with one id the last is written, as if one after another; each
 * still has a result of its own.
 */
export function* planBulk(items: readonly BulkItem[], { settings }: Snapshot): Steps<BulkPlan> {
  const documents = new Map<string, IndexableDocument>();
  const outcomes: (readonly [item: BulkItem, outcome: IndexableDocument | readonly Issue[]])[] = [];
  for (const [i, item] of items.entries()) {
    const outcome =
      item.malformed === undefined ? parseDocument(item.value, settings) : [{ pointer: '', detail: item.malformed }];
    if ('id' in outcome) documents.set(outcome.id, outcome);
    outcomes.push([item, outcome]);
    if (i % ITEMS_PER_STEP === 0) yield;
  }
  return {
    documents: [...documents.values()],
    results: ({ created }) => {
      const seen = new Set<string>();
      return outcomes.map(([item, outcome]) => itemResult(item, outcome, { created, seen }));
    },
  };
}

function itemResult(
  { line, value, malformed }: BulkItem,
  outcome: IndexableDocument | readonly Issue[],
  { created, seen }: { created: ReadonlySet<string>; seen: Set<string> },
): ItemResult {
  if ('id' in outcome) {
    const first = created.has(outcome.id) && !seen.has(outcome.id);
    seen.add(outcome.id);
    return { id: outcome.id, line, status: first ? 201 : 200 };
  }
  const code = malformed === undefined ? 'SEARCH_DOCUMENT_INVALID' : 'SEARCH_DOCUMENT_MALFORMED';
  const { id } = (typeof value === 'object' && value !== null ? value : {}) as { id?: unknown };
  return { id: typeof id === 'string' ? id : null, line, status: 400, code, errors: [...outcome] };
}
