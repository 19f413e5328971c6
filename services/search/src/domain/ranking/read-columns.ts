import type { Column } from '../segment/column.ts';
import type { PartCache } from '../segment/part-cache.ts';
import type { Segment } from '../segment/segment.ts';
import { part } from '../segment/segment-file.ts';
import type { IndexSettings } from '../settings.ts';

/** The columns of some fields, by segment. */
export async function readColumns(
  fields: Iterable<string>,
  segments: readonly Segment[],
  settings: IndexSettings,
  parts: PartCache,
): Promise<ReadonlyMap<string, Column>[]> {
  const bySegment = segments.map(() => new Map<string, Column>());
  await Promise.all(
    [...new Set(fields)].map(async (field) => {
      const kind = settings.fields[field]?.type === 'keyword' ? 'keyword' : 'number';
      const columns = await parts.columns(segments, part.column(field), kind);
      columns.forEach((column, i) => bySegment[i]?.set(field, column));
    }),
  );
  return bySegment;
}
