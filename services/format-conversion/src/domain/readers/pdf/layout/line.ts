import type { Box } from '../page/content.ts';
import { union, verticalOverlap } from './box.ts';
import { readsRightToLeft } from './reading-direction.ts';
import type { Segment, TextRun } from './segment.ts';

/** A line of one column: its segments from left to right. */
export interface Line extends Box {
  kind: 'line';
  segments: Segment[];
  baseline: number;
  size: number;
  /** In reading order, with a space between segments. */
  runs: TextRun[];
  text: string;
}

/** Gathers the segments of a column into lines from top to bottom. */
export function linesOf(segments: readonly Segment[]): Line[] {
  const rows: Segment[][] = [];
  for (const segment of [...segments].sort((a, b) => a.baseline - b.baseline)) {
    const row = rows.at(-1);
    if (row && sameLine(row, segment)) row.push(segment);
    else rows.push([segment]);
  }
  return rows.map(lineOf);
}

/** Beside the row, and neither above nor below any of its parts. */
function sameLine(row: readonly Segment[], segment: Segment): boolean {
  const beside = row.some(
    (other) =>
      verticalOverlap(other, segment) > 0.55 &&
      Math.abs(other.baseline - segment.baseline) < 0.5 * Math.max(other.size, segment.size),
  );
  const stacked = row.some(
    (other) => Math.min(other.right, segment.right) - Math.max(other.left, segment.left) > 0.3 * segment.size,
  );
  return beside && !stacked;
}

export function lineOf(row: readonly Segment[]): Line {
  const segments = [...row].sort((a, b) => a.left - b.left);
  const ordered = readsRightToLeft(segments.map(({ text }) => text).join('')) ? [...segments].reverse() : segments;
  const runs = ordered.flatMap(({ runs: own }, index): TextRun[] => {
    const [first] = own;
    return index === 0 || !first ? own : [{ ...first, text: ` ${first.text}` }, ...own.slice(1)];
  });
  const largest = segments.reduce((left, right) =>
    right.text.length * right.size > left.text.length * left.size ? right : left,
  );
  return {
    kind: 'line',
    ...union(segments),
    segments,
    baseline: largest.baseline,
    size: largest.size,
    runs,
    text: runs.map((run) => run.text).join(''),
  };
}
