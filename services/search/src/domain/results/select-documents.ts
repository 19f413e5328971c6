import { Bitset } from '@genai-platform/common/retrieval';
import type { Clause } from '../query/clause.ts';
import type { CheckedFilter } from '../filter/check-filter.ts';
import { evaluateFilter, filterFields } from '../filter/evaluate-filter.ts';
import { readClausePostings } from '../ranking/clause-postings.ts';
import { MatchArena } from '../ranking/match-arena.ts';
import { readColumns } from '../ranking/read-columns.ts';
import type { VisibleSegment } from '../ranking/visibility.ts';
import type { Column } from '../segment/column.ts';
import type { PartCache } from '../segment/part-cache.ts';
import type { IndexSettings } from '../settings.ts';

interface Selection {
  readonly filter: CheckedFilter | undefined;
  /** What the query leaves out. */
  readonly excluded: readonly Clause[];
  /** All numbers are below. */
  readonly size: number;
}

/** The visible documents that pass a filter and are not excluded, by number: what a vector search may find. */
export async function selectDocuments(
  { filter, excluded, size }: Selection,
  { visible, settings, parts }: { visible: readonly VisibleSegment[]; settings: IndexSettings; parts: PartCache },
): Promise<Bitset> {
  const segments = visible.map(({ segment }) => segment);
  const columns = await readColumns(filter ? filterFields(filter) : [], segments, settings, parts);
  const refused = await readClausePostings(excluded, segments, {}, parts);
  const arena = new MatchArena();
  const selected = new Bitset(size);
  visible.forEach(({ segment, mask }, i) => {
    const found = mask?.clone() ?? Bitset.full(segment.documents);
    if (filter) found.and(evaluateFilter(filter, columns[i] as ReadonlyMap<string, Column>, segment.documents));
    for (const lists of refused[i] ?? []) {
      const { start, end } = arena.match(lists, segment.documents, undefined);
      for (let at = start; at < end; at++) found.delete(arena.ordinals[at] as number);
    }
    found.forEach((ordinal) => selected.add(segment.numbers.numberOf(ordinal)));
  });
  return selected;
}
