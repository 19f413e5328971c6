import { contains } from '../layout/box.ts';
import { linesOf, type Line } from '../layout/line.ts';
import { segmentsOf } from '../layout/segments.ts';
import type { Glyph, PageContent } from '../page/content.ts';
import { ruledGrid, type RuledGrid } from './grid.ts';
import { connectedRules, mergeRules } from './merge-rules.ts';
import type { PlacedCell, PlacedTable } from './placed-table.ts';

/** Pages with more lines than this are drawings; looking for tables in them costs too much. */
const MAX_RULES = 2_000;
/** Charts draw grids too, but with little text in them. */
const MIN_FILLED = 0.3;
const MIN_CELLS = 4;

/** Finds tables drawn with lines and takes their glyphs out of the page. */
export function takeRuledTables(page: PageContent): { tables: PlacedTable[]; rest: Glyph[] } {
  const rules = mergeRules(page.rules);
  if (rules.length > MAX_RULES) return { tables: [], rest: page.glyphs };
  let rest = page.glyphs;
  const tables: PlacedTable[] = [];
  const grids = connectedRules(rules)
    .map(ruledGrid)
    .filter((grid) => grid !== undefined);
  // Smaller grids first: a table inside the cell of another is a table of its own.
  for (const grid of grids.sort((a, b) => a.cells.length - b.cells.length)) {
    const inside = rest.filter((glyph) => contains(grid.box, middle(glyph), glyph.baseline - glyph.size * 0.3));
    const table = inside.length > 0 ? tableOf(grid, inside) : undefined;
    if (!table) continue;
    const taken = new Set(inside);
    rest = rest.filter((glyph) => !taken.has(glyph));
    tables.push(table);
  }
  return { tables, rest };
}

function middle(glyph: Glyph): number {
  return (glyph.left + glyph.right) / 2;
}

function tableOf(grid: RuledGrid, glyphs: readonly Glyph[]): PlacedTable | undefined {
  const cells = grid.cells.map((cell) => ({
    ...cell,
    lines: linesOf(
      segmentsOf(glyphs.filter((glyph) => contains(cell, middle(glyph), glyph.baseline - glyph.size * 0.3))),
    ),
  }));
  const filled = cells.filter(({ lines }) => lines.length > 0).length;
  if (filled < MIN_CELLS || filled < MIN_FILLED * cells.length) return undefined;
  const rows = Array.from({ length: grid.rows }, (_, row) => cells.filter((cell) => cell.row === row));
  return {
    kind: 'table',
    ...grid.box,
    rows: rows.flatMap((row) => splitRow(row, grid)).filter((row) => row.length > 0),
  };
}

/** Tables whose body is one tall row between column lines have a row for every line of text. */
function splitRow(row: readonly (PlacedCell & { column: number })[], grid: RuledGrid): PlacedCell[][] {
  const whole = [row.map(({ lines, colspan, rowspan }) => ({ lines, colspan, rowspan }))];
  if (grid.rows > 3 || row.some((cell) => cell.rowspan > 1 || cell.colspan > 1)) return whole;
  const baselines = lineBaselines(row.flatMap((cell) => cell.lines));
  const full = row.filter((cell) => cell.lines.length >= 0.7 * baselines.length);
  if (baselines.length < 3 || full.length < 2 || full.length < row.length / 2) return whole;
  return baselines.map((baseline) =>
    row.map(({ lines }) => ({ lines: lines.filter((line) => isAt(line, baseline)), colspan: 1, rowspan: 1 })),
  );
}

function lineBaselines(lines: readonly Line[]): number[] {
  const distinct: number[] = [];
  for (const line of [...lines].sort((a, b) => a.baseline - b.baseline)) {
    if (!distinct.some((baseline) => isAt(line, baseline))) distinct.push(line.baseline);
  }
  return distinct;
}

function isAt(line: Line, baseline: number): boolean {
  return Math.abs(line.baseline - baseline) < 0.4 * line.size;
}
