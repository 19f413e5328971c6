import { Bitset } from '@genai-platform/common/retrieval';
import type { CheckedFilter } from './filter/check-filter.ts';
import { evaluateFilter, filterFields } from './filter/evaluate-filter.ts';
import type { Clause } from './query/clause.ts';
import type { Correction } from './query/expand-clauses.ts';
import { readClausePostings } from './ranking/clause-postings.ts';
import { readColumns } from './ranking/read-columns.ts';
import { Scorer } from './ranking/scorer.ts';
import type { SegmentInput } from './ranking/scorer.ts';
import type { CollectionStatistics, FieldWeights } from './ranking/statistics.ts';
import type { VisibleSegment } from './ranking/visibility.ts';
import { Collector } from './results/collector.ts';
import type { Position, Scores } from './results/collector.ts';
import type { FacetRequest, FacetResult } from './results/facets.ts';
import { BY_SCORE } from './results/sort-order.ts';
import type { SortTerm } from './results/sort-order.ts';
import type { Hit } from './results/top-hits.ts';
import type { Column } from './segment/column.ts';
import type { Lengths } from './segment/lengths.ts';
import type { PartCache } from './segment/part-cache.ts';
import type { Segment } from './segment/segment.ts';
import { part } from './segment/segment-file.ts';
import type { IndexSettings } from './settings.ts';

/** What is looked for, after analysis and expansion; later pages bring it along in their cursor. */
export interface RankedQuery {
  /** Undefined where every document is wanted. */
  readonly clauses: readonly Clause[] | undefined;
  readonly excluded: readonly Clause[];
  /** Bits of words that must all be met; 0 where any clause is enough. */
  readonly required: number;
  readonly weights: FieldWeights;
  readonly statistics: CollectionStatistics;
  /** Given where an earlier page fixed them. */
  readonly idfs?: readonly number[] | undefined;
  readonly corrections: readonly Correction[];
}

/** What of the matching documents is wanted. */
export interface ResultOptions {
  readonly filter: CheckedFilter | undefined;
  /** Documents with this number or a greater one came after the first page and are left out. */
  readonly before: number;
  readonly sort: readonly SortTerm[];
  readonly facets: readonly FacetRequest[];
  readonly limit: number;
  readonly after?: Position | undefined;
  /** Documents whose scores are wanted wherever they rank. */
  readonly watch?: readonly number[] | undefined;
}

export interface RankedResult {
  readonly hits: readonly Hit[];
  readonly total: number;
  readonly facets: readonly FacetResult[];
  readonly idfs: readonly number[];
  /** Scores of the watched documents; those that match nothing are missing. */
  readonly watched: ReadonlyMap<number, number>;
}

const scorer = new Scorer();

/** Ranks the visible documents of an index by BM25 and keeps a page of them. */
export async function searchLexical(
  query: RankedQuery,
  options: ResultOptions,
  { visible, settings, parts }: { visible: readonly VisibleSegment[]; settings: IndexSettings; parts: PartCache },
): Promise<RankedResult> {
  const segments = visible.map(({ segment }) => segment);
  const { clauses, excluded } = query;
  const columnFields = [
    ...(options.filter ? filterFields(options.filter) : []),
    ...options.facets.map(({ field }) => field),
    ...options.sort.flatMap(({ field }) => (field === BY_SCORE ? [] : [field])),
  ];
  const [postings, refused, columns, lengths] = await Promise.all([
    readClausePostings(clauses ?? [], segments, query.weights, parts),
    readClausePostings(excluded, segments, query.weights, parts),
    readColumns(columnFields, segments, settings, parts),
    Promise.all(Object.keys(query.weights).map((field) => parts.lengths(segments, part.lengths(field)))),
  ]);
  const weights = Object.values(query.weights);
  const inputs = visible.map(({ segment, mask }, i): SegmentInput => ({
    documents: segment.documents,
    mask,
    filter: passing(visible[i] as VisibleSegment, columns[i] as ReadonlyMap<string, Column>, options),
    clauses: postings[i] ?? [],
    excluded: refused[i] ?? [],
    lengths: weights.map((weight, field) => ({ weight, values: lengths[field]?.[i] as Lengths })),
  }));
  const collector = new Collector({
    ...options,
    segments: segments.map(({ numbers }, i) => ({ numbers, columns: columns[i] as ReadonlyMap<string, Column> })),
  });
  const watched = new Map<number, number>();
  const idfs = rank(query, { inputs, settings }, (segment, ordinals, found) => {
    collector.add(segment, ordinals, found);
    if (options.watch && found)
      watchScores(segments[segment] as Segment, { numbers: options.watch, scores: found.scores, into: watched });
  });
  return { hits: collector.hits(), total: collector.total, facets: collector.facets(), idfs, watched };
}

function rank(
  query: RankedQuery,
  { inputs, settings }: { inputs: readonly SegmentInput[]; settings: IndexSettings },
  visit: (segment: number, ordinals: Int32Array, found: Scores | undefined) => void,
): number[] {
  if (!query.clauses) {
    scorer.selectAll(inputs, (segment, ordinals) => visit(segment, ordinals, undefined));
    return [];
  }
  const { clauses, required, statistics, idfs } = query;
  return scorer.score({ segments: inputs, clauses, required, statistics, idfs, bm25: settings.bm25 }, visit);
}

function watchScores(
  { numbers: held }: Segment,
  { numbers, scores, into }: { numbers: readonly number[]; scores: Float64Array; into: Map<number, number> },
): void {
  for (const number of numbers) {
    const ordinal = held.ordinalOf(number);
    const score = ordinal < 0 ? 0 : (scores[ordinal] as number);
    if (score > 0) into.set(number, score);
  }
}

/** The documents of a segment that pass the filter and are not newer than the first page; all where undefined. */
function passing(
  { segment }: VisibleSegment,
  columns: ReadonlyMap<string, Column>,
  { filter, before }: ResultOptions,
): Bitset | undefined {
  const older = segment.numbers.lowerBound(before);
  const passes = filter && evaluateFilter(filter, columns, segment.documents);
  if (older === segment.documents) return passes;
  const set = passes ?? Bitset.full(segment.documents);
  for (let ordinal = older; ordinal < segment.documents; ordinal++) set.delete(ordinal);
  return set;
}
