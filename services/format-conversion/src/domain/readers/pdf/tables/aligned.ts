import { median, union, width } from '../layout/box.ts';
import type { Line } from '../layout/line.ts';
import { lineOf } from '../layout/line.ts';
import type { Segment } from '../layout/segment.ts';
import { markerOf } from '../structure/list-marker.ts';
import { alignedColumns, columnsUnder, type Column } from './columns.ts';
import type { PlacedCell, PlacedTable } from './placed-table.ts';

/** Cells of a row are apart by at least this part of the text size. */
const CELL_GAP = 1.2;
/** Rows that belong to one table are not farther apart than this part of the size. */
const ROW_GAP = 3.2;
const MIN_ROWS = 3;
/** Text in cells is short; longer lines side by side are columns of prose. */
const MAX_CELL_CHARACTERS = 45;

/** Replaces runs of lines whose parts align in columns by tables. */
export function foldAlignedTables(lines: readonly Line[]): (Line | PlacedTable)[] {
  const folded: (Line | PlacedTable)[] = [];
  for (let index = 0; index < lines.length;) {
    const run = tabularRun(lines, index);
    const table = run.length >= MIN_ROWS ? alignedTable(run) : undefined;
    if (table) folded.push(table);
    else folded.push(lines[index] as Line);
    index += table ? run.length : 1;
  }
  return folded;
}

/** The lines from an index on that could be rows of one table. */
function tabularRun(lines: readonly Line[], from: number): Line[] {
  const run: Line[] = [];
  for (const line of lines.slice(from)) {
    const last = run.at(-1);
    if (last && line.top - last.bottom > ROW_GAP * line.size) break;
    if (!isTabular(line) && !(last && isContinuation(line, run))) break;
    run.push(line);
  }
  while (run.length > 0 && !isTabular(run.at(-1) as Line)) run.pop();
  return run;
}

function isTabular({ segments, size }: Line): boolean {
  if (segments.length < 2) return false;
  const gaps = segments.slice(1).map((segment, index) => segment.left - (segments[index] as Segment).right);
  if (Math.max(...gaps) < CELL_GAP * size) return false;
  // A marker and its text, or an entry of a table of contents, are no cells.
  const [first, second] = segments;
  const isList = segments.length === 2 && first !== undefined && markerOf(`${first.text} x`) !== undefined;
  const isContents =
    segments.some(({ text }) => /(\.\s?){4,}$|^(\.\s?){4,}/.test(text)) || /^[.\s]+$/.test(second?.text ?? '');
  return !isList && !isContents;
}

/** A wrapped cell: one short part directly under the row before. */
function isContinuation(line: Line, run: readonly Line[]): boolean {
  const last = run.at(-1) as Line;
  return (
    line.segments.length === 1 &&
    line.baseline - last.baseline < 1.6 * line.size &&
    width(line) < 0.5 * width(union(run))
  );
}

export function alignedTable(run: readonly Line[]): PlacedTable | undefined {
  const columns = alignedColumns(run);
  if (!columns) return undefined;
  if (median(run.flatMap((line) => line.segments.map(({ text }) => text.length))) > MAX_CELL_CHARACTERS)
    return undefined;
  const rows: Segment[][][] = [];
  let previous: Line | undefined;
  for (const line of run) {
    const placed = placeInColumns(line, columns);
    const row = rows.at(-1);
    if (row && previous && continuesRow(line, previous, placed))
      row.forEach((cell, index) => cell.push(...(placed[index] ?? [])));
    else rows.push(placed);
    previous = line;
  }
  return rows.length < 2 ? undefined : { kind: 'table', ...union(run), rows: rows.map((row) => cellsOf(row)) };
}

/** A line without first cell, close under the row before, carries on its cells. */
function continuesRow(line: Line, previous: Line, placed: readonly Segment[][]): boolean {
  const filled = placed.filter((cell) => cell.length > 0).length;
  return (
    (placed[0]?.length ?? 0) === 0 &&
    filled < placed.length / 2 + 0.5 &&
    line.baseline - previous.baseline < 1.35 * line.size
  );
}

function placeInColumns(line: Line, columns: readonly Column[]): Segment[][] {
  const placed: Segment[][] = columns.map(() => []);
  for (const segment of line.segments) placed[columnsUnder(segment, columns)[0] ?? 0]?.push(segment);
  return placed;
}

function cellsOf(row: readonly Segment[][]): PlacedCell[] {
  return row.map((segments) => ({ lines: textLines(segments), colspan: 1, rowspan: 1 }));
}

function textLines(segments: readonly Segment[]): Line[] {
  const lines: Segment[][] = [];
  for (const segment of [...segments].sort((a, b) => a.baseline - b.baseline || a.left - b.left)) {
    const last = lines.at(-1)?.[0];
    if (last && Math.abs(last.baseline - segment.baseline) < 0.4 * segment.size) lines.at(-1)?.push(segment);
    else lines.push([segment]);
  }
  return lines.map(lineOf);
}
