import { Bitset } from '@genai-platform/common/retrieval';
import type { Analyzer } from '@genai-platform/common/retrieval';
import type { AnalyzerPool } from '../domain/analysis/field-analyzers.ts';
import { Synonyms } from '../domain/query/synonyms.ts';
import { DocumentNumbers, decodeNumbersOf } from '../domain/segment/document-numbers.ts';
import type { LiveSegment, Segment, SegmentSource } from '../domain/segment/segment.ts';
import { part } from '../domain/segment/segment-file.ts';
import type { Snapshot } from '../domain/segment/snapshot.ts';
import type { IndexState, SegmentRow } from '../store/index-state.ts';

interface BuildInput {
  readonly tenant: string;
  readonly name: string;
  readonly state: IndexState;
  /** The last snapshot of the same index, whose parts are used again. */
  readonly previous: Snapshot | undefined;
  readonly source: SegmentSource;
  readonly analyzers: AnalyzerPool;
}

/** Makes a snapshot of an index's state. Only what changed since the previous one is read and made anew. */
export async function buildSnapshot(input: BuildInput): Promise<Snapshot> {
  const { tenant, name, state, source } = input;
  const previous = input.previous?.indexId === state.indexId ? input.previous : undefined;
  const known = new Map(previous?.segments.map((live) => [live.segment.id, live]));
  const fresh = new Set(state.segments.filter(({ id }) => !known.has(id)).map(({ id }) => id));
  const opened = await Promise.all(
    state.segments.map(
      async (row): Promise<LiveSegment> => known.get(row.id) ?? (await openSegment(row, tenant, source)),
    ),
  );
  const deleted = [...(previous?.deleted ?? []), ...state.deleted];
  // A merge may bring a document back that was deleted while it ran: new segments meet every number deleted so far.
  const segments = opened.map((live) => withDeleted(live, fresh.has(live.segment.id) ? deleted : state.deleted));
  const settings = previous?.revision === state.revision ? previous : await analysis(input);
  return {
    tenant,
    name,
    indexId: state.indexId,
    generation: state.generation,
    revision: state.revision,
    settings: state.settings,
    analyzers: settings.analyzers,
    synonyms: settings.synonyms,
    segments,
    deleted: new Set(deleted.filter((number) => holds(segments, number))),
    documents: state.documents,
    nextNumber: state.nextNumber,
    vectorEngine: state.vectorEngine,
  };
}

async function analysis({ state, analyzers: pool }: BuildInput): Promise<Pick<Snapshot, 'analyzers' | 'synonyms'>> {
  const analyzers = await pool.forFields(state.settings);
  const [first] = analyzers.values();
  return { analyzers, synonyms: new Synonyms(first ? state.settings.synonyms : [], first as Analyzer) };
}

async function openSegment(row: SegmentRow, tenant: string, source: SegmentSource): Promise<LiveSegment> {
  const directory = row.directory ?? {};
  const segment: Segment = {
    id: row.id,
    tenant,
    documents: row.documents,
    totals: row.totals ?? {},
    directory,
    bytes: row.bytes,
    numbers: new DocumentNumbers(row.first_number, row.documents),
  };
  const gaps = directory[part.numbers];
  if (!gaps) return { segment, live: undefined };
  const [bytes] = await source.read([{ segment, offset: gaps[0], length: gaps[1] }]);
  return {
    segment: { ...segment, numbers: decodeNumbersOf(bytes as Uint8Array, row.first_number, row.documents) },
    live: undefined,
  };
}

function withDeleted(live: LiveSegment, numbers: readonly number[]): LiveSegment {
  const { segment } = live;
  const { first, last } = segment.numbers;
  const ordinals = numbers
    .filter((number) => number >= first && number <= last)
    .map((number) => segment.numbers.ordinalOf(number))
    .filter((ordinal) => ordinal >= 0);
  if (ordinals.length === 0) return live;
  const set = live.live?.clone() ?? Bitset.full(segment.documents);
  for (const ordinal of ordinals) set.delete(ordinal);
  return { segment, live: set };
}

function holds(segments: readonly LiveSegment[], number: number): boolean {
  return segments.some(
    ({ segment: { numbers } }) => number >= numbers.first && number <= numbers.last && numbers.ordinalOf(number) >= 0,
  );
}
