import type { FieldAnalyzers } from './analysis/field-analyzers.ts';
import { parseDocument } from './document.ts';
import type { IndexableDocument, Issue } from './document.ts';
import type { Steps } from './segment/inverter.ts';
import { SegmentBuilder } from './segment/segment-builder.ts';
import type { SegmentFile } from './segment/segment-file.ts';
import type { IndexSettings } from './settings.ts';

/** What a bulk request holds: newline-delimited JSON, or values that were parsed already. */
export type BulkSource = { readonly lines: Uint8Array } | { readonly values: readonly unknown[] };

/** A document as it is written beside its segment. */
export interface WritableDocument {
  readonly id: string;
  /** JSON. */
  readonly fields: string;
  readonly acl: readonly string[];
  readonly vector: readonly number[] | undefined;
}

/** What became of one item; items without issues are among the documents. */
export interface ItemOutcome {
  /** Of the request, from 1. */
  readonly line: number;
  readonly id: string | null;
  readonly issues?: readonly Issue[];
  /** The item is no JSON. */
  readonly malformed?: boolean;
}

/** A bulk request ready to be written: plain data, so that a thread may make it. */
export interface PreparedBulk {
  readonly outcomes: readonly ItemOutcome[];
  readonly documents: readonly WritableDocument[];
  /** The documents inverted, in their order. */
  readonly file: SegmentFile;
}

interface Item {
  readonly line: number;
  readonly value: unknown;
}

/** Stands for a line that is no JSON. */
const MALFORMED = Symbol('malformed');
/** Items of one request; more are not even parsed. */
export const MAX_ITEMS = 50_000;
/** Documents inverted between two steps: about a millisecond of text. */
const DOCUMENTS_PER_STEP = 16;

/**
 * Checks the items of a bulk request against an index and inverts the documents. Of several items with one id the
 * last is written, as if one after another; each still has an outcome of its own. With more than MAX_ITEMS outcomes
 * the request is too large and nothing of it is prepared.
 */
export function* prepareBulk(
  source: BulkSource,
  settings: IndexSettings,
  analyzers: FieldAnalyzers,
): Steps<PreparedBulk> {
  const documents = new Map<string, IndexableDocument>();
  const outcomes: ItemOutcome[] = [];
  for (const { line, value } of itemsOf(source)) {
    const parsed =
      value === MALFORMED ? [{ pointer: '', detail: 'the line is not JSON' }] : parseDocument(value, settings);
    if ('id' in parsed) {
      documents.set(parsed.id, parsed);
      outcomes.push({ line, id: parsed.id });
    } else outcomes.push({ line, id: idOf(value), issues: parsed, malformed: value === MALFORMED });
    if (outcomes.length > MAX_ITEMS) {
      documents.clear();
      break;
    }
    if (outcomes.length % DOCUMENTS_PER_STEP === 0) yield;
  }
  const builder = new SegmentBuilder(settings, analyzers);
  let added = 0;
  for (const document of documents.values()) {
    builder.add(document);
    if (++added % DOCUMENTS_PER_STEP === 0) yield;
  }
  return { outcomes, documents: [...documents.values()].map(toWritable), file: yield* builder.finish() };
}

function* itemsOf(source: BulkSource): Iterable<Item> {
  if ('values' in source) yield* source.values.map((value, i) => ({ line: i + 1, value }));
  else yield* parseLines(new TextDecoder().decode(source.lines));
}

/** Empty lines do not count, but are counted. */
function* parseLines(text: string): Iterable<Item> {
  let line = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const piece = text.slice(start, end).trim();
    start = end + 1;
    line++;
    if (piece !== '') yield { line, value: parseLine(piece) };
  }
}

function parseLine(piece: string): unknown {
  try {
    return JSON.parse(piece);
  } catch {
    return MALFORMED;
  }
}

function idOf(value: unknown): string | null {
  const { id } = (typeof value === 'object' && value !== null ? value : {}) as { id?: unknown };
  return typeof id === 'string' ? id : null;
}

function toWritable({ id, fields, acl, vector }: IndexableDocument): WritableDocument {
  return { id, fields: JSON.stringify(fields), acl, vector };
}
