import { Bitset } from '@genai-platform/common/retrieval';
import { AnalyzerPool } from '../../src/domain/analysis/field-analyzers.ts';
import { parseDocument } from '../../src/domain/document.ts';
import type { IndexableDocument } from '../../src/domain/document.ts';
import { searchLexical } from '../../src/domain/lexical-search.ts';
import type { RankedResult, ResultOptions } from '../../src/domain/lexical-search.ts';
import { prepareQuery } from '../../src/domain/query/prepare-query.ts';
import type { QueryOptions } from '../../src/domain/query/prepare-query.ts';
import { Synonyms } from '../../src/domain/query/synonyms.ts';
import { visibleSegments } from '../../src/domain/ranking/visibility.ts';
import { DocumentNumbers, decodeNumbersOf } from '../../src/domain/segment/document-numbers.ts';
import type { Steps } from '../../src/domain/segment/inverter.ts';
import { PartCache } from '../../src/domain/segment/part-cache.ts';
import { SegmentBuilder } from '../../src/domain/segment/segment-builder.ts';
import { part } from '../../src/domain/segment/segment-file.ts';
import type { SegmentFile } from '../../src/domain/segment/segment-file.ts';
import type { LiveSegment, Segment } from '../../src/domain/segment/segment.ts';
import type { Snapshot } from '../../src/domain/segment/snapshot.ts';
import { IndexSettings } from '../../src/domain/settings.ts';
import type { SentDocument } from './start-search.ts';

/** Runs a generator to its end at once. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** An index in memory: the domain without HTTP and without a database. */
export interface MemoryIndex {
  readonly snapshot: Snapshot;
  readonly parts: PartCache;
  readonly ids: readonly string[];
  readonly files: ReadonlyMap<string, SegmentFile>;
  search(
    query: Partial<QueryOptions>,
    options?: Partial<ResultOptions>,
    principals?: readonly string[],
  ): Promise<MemoryResult>;
}

export interface MemoryResult extends RankedResult {
  /** Ids of the hits, in order. */
  readonly ids: readonly string[];
}

const pool = new AnalyzerPool();
let counter = 0;

/** Builds an index of one segment per group of documents; `deleted` names ids that are no longer live. */
export async function memoryIndex(
  settings: object,
  groups: readonly (readonly SentDocument[])[],
  deleted: readonly string[] = [],
): Promise<MemoryIndex> {
  const parsed = IndexSettings.parse(settings);
  const analyzers = await pool.forFields(parsed);
  const files = new Map<string, SegmentFile>();
  const ids: string[] = [];
  const segments = groups.map((group): LiveSegment => {
    const builder = new SegmentBuilder(parsed, analyzers);
    const documents = group.map((document) => parseDocument(document, parsed) as IndexableDocument);
    for (const document of documents) builder.add(document);
    const file = runSteps(builder.finish());
    const segment = segmentOf(file, new DocumentNumbers(ids.length, documents.length));
    files.set(segment.id, file);
    const live = Bitset.full(documents.length);
    documents.forEach(({ id }, ordinal) => deleted.includes(id) && live.delete(ordinal));
    ids.push(...documents.map(({ id }) => id));
    return { segment, live: live.count() === documents.length ? undefined : live };
  });
  return indexOf({ settings: parsed, analyzers, segments, files, ids });
}

/** A segment as the store would give it. */
export function segmentOf(file: SegmentFile, numbers: DocumentNumbers): Segment {
  const { documents, totals, directory, bytes } = file;
  return { id: String(++counter), tenant: 'acme', documents, totals, directory, bytes: bytes.length, numbers };
}

/** Document numbers of a merged file. */
export function numbersOf(file: SegmentFile, first: number): DocumentNumbers {
  const gaps = file.directory[part.numbers];
  if (!gaps) return new DocumentNumbers(first, file.documents);
  return decodeNumbersOf(file.bytes.subarray(gaps[0], gaps[0] + gaps[1]), first, file.documents);
}

export function indexOf(given: {
  settings: IndexSettings;
  analyzers: Snapshot['analyzers'];
  segments: readonly LiveSegment[];
  files: ReadonlyMap<string, SegmentFile>;
  ids: readonly string[];
}): MemoryIndex {
  const { settings, analyzers, segments, files, ids } = given;
  const parts = new PartCache(
    {
      read: async (ranges) =>
        ranges.map(({ segment, offset, length }) => files.get(segment.id)!.bytes.subarray(offset, offset + length)),
    },
    1e9,
  );
  const [first] = analyzers.values();
  const snapshot: Snapshot = {
    tenant: 'acme',
    name: 'memory',
    indexId: '1',
    generation: 1,
    revision: 1,
    settings,
    analyzers,
    synonyms: new Synonyms(settings.synonyms, first!),
    segments,
    deleted: new Set(),
    documents: segments.reduce((sum, { segment, live }) => sum + (live?.count() ?? segment.documents), 0),
    nextNumber: ids.length,
    vectorEngine: undefined,
  };
  return {
    snapshot,
    parts,
    ids,
    files,
    search: async (query, options = {}, principals = []) => {
      const visible = await visibleSegments(snapshot, principals, parts);
      const prepared = await prepareQuery(
        { text: '', match: 'any', typos: false, prefix: false, ...query },
        { snapshot, visible, parts },
      );
      const result = await searchLexical(
        prepared,
        { filter: undefined, before: Infinity, sort: [], facets: [], limit: 1_000, ...options },
        { visible, settings, parts },
      );
      return { ...result, ids: result.hits.map(({ number }) => ids[number]!) };
    },
  };
}
