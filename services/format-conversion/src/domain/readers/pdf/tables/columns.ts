import { overlap } from '../layout/box.ts';
import type { Line } from '../layout/line.ts';
import type { Segment } from '../layout/segment.ts';

/** A column of aligned text. */
export interface Column {
  left: number;
  right: number;
}

/**
 * Columns of rows without lines: the extents of segments in the rows that have the usual number of them.
 * Undefined when the rows do not agree on their columns.
 */
export function alignedColumns(rows: readonly Line[]): Column[] | undefined {
  const counts = rows.map((row) => row.segments.length).filter((count) => count >= 2);
  const usual = mode(counts);
  const columns = joinOverlapping(rows.filter((row) => row.segments.length === usual).flatMap((row) => row.segments));
  if (columns.length < 2) return undefined;
  const placed = rows.flatMap((row) => row.segments).map((segment) => columnsUnder(segment, columns).length);
  const clear = placed.filter((under) => under === 1).length;
  return clear >= 0.75 * placed.length ? columns : undefined;
}

/** Indexes of the columns that a segment stands in; the nearest one if it stands between them. */
export function columnsUnder(segment: Segment, columns: readonly Column[]): number[] {
  const under = columns.flatMap((column, index) =>
    overlap(segment.left, segment.right, column.left, column.right) >
    0.15 * Math.min(segment.right - segment.left, column.right - column.left)
      ? [index]
      : [],
  );
  if (under.length > 0) return under;
  const distances = columns.map((column) => -overlap(segment.left, segment.right, column.left, column.right));
  return [distances.indexOf(Math.min(...distances))];
}

function joinOverlapping(segments: readonly Segment[]): Column[] {
  const columns: Column[] = [];
  for (const { left, right } of [...segments].sort((a, b) => a.left - b.left)) {
    const last = columns.at(-1);
    if (last && left < last.right) last.right = Math.max(last.right, right);
    else columns.push({ left, right });
  }
  return columns;
}

function mode(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce(
    (best, entry) => (entry[1] > best[1] || (entry[1] === best[1] && entry[0] > best[0]) ? entry : best),
    [0, 0],
  )[0];
}
