import type { Alignment, Block, Cell, Table } from '../../document/block.ts';
import { placeCells, type PlacedCell } from '../../document/grid.ts';
import type { Inline } from '../../document/inline.ts';
import { blockText } from '../../document/plain-text.ts';
import type { TextLine } from './lines.ts';
import { linesFor, type Frame, type Rendering } from './rendering.ts';
import { colors, theme } from './theme.ts';

interface LaidCell extends PlacedCell {
  lines: TextLine[];
  x: number;
  width: number;
  header: boolean;
  alignment: Alignment;
}

const SIZE = 9.5;
const MIN_COLUMN = 24;

/** Draws a table row by row; header rows repeat on every page. */
export function drawTable(table: Table, rendering: Rendering, frame: Frame): void {
  const { canvas } = rendering;
  const cells = layOut(table, rendering, frame);
  const heights = rowHeights(table.rows.length, cells);
  const drawRow = (row: number): void => {
    for (const cell of cells.filter((own) => own.row === row)) drawCell(cell, heights, rendering);
    canvas.y += heights[row] ?? 0;
  };
  table.rows.forEach((_, row) => {
    // Rows that a cell spans stay together as far as a page allows.
    const span = Math.max(1, ...cells.filter((cell) => cell.row === row).map(({ cell }) => cell.rowspan));
    const needed = heights.slice(row, row + span).reduce((sum, height) => sum + height, 0);
    const broke = canvas.require(Math.min(needed, canvas.pageHeight));
    if (broke && row >= table.headerRows) for (let header = 0; header < table.headerRows; header += 1) drawRow(header);
    drawRow(row);
  });
  canvas.y += theme.gap;
}

function layOut(table: Table, rendering: Rendering, frame: Frame): LaidCell[] {
  const placed = placeCells(table);
  const widths = columnWidths(placed, rendering, frame.width);
  const starts = widths.map((_, column) => frame.left + widths.slice(0, column).reduce((sum, width) => sum + width, 0));
  return placed.map((own) => {
    const width = widths.slice(own.column, own.column + own.cell.colspan).reduce((sum, one) => sum + one, 0);
    const header = own.cell.header || own.row < table.headerRows;
    const lines = cellLines(own.cell, width - 2 * theme.cellPadding, rendering, header);
    return {
      ...own,
      lines,
      x: starts[own.column] ?? frame.left,
      width,
      header,
      alignment: table.alignments[own.column] ?? 'none',
    };
  });
}

/** Columns share the width by what they hold: at least their longest word, at most their whole text. */
function columnWidths(placed: readonly PlacedCell[], rendering: Rendering, available: number): number[] {
  const count = placed.reduce((most, { cell, column }) => Math.max(most, column + cell.colspan), 1);
  const wanted = new Array<number>(count).fill(MIN_COLUMN);
  for (const { cell, column } of placed.filter((own) => own.cell.colspan === 1)) {
    const lines = cellLines(cell, Infinity, rendering, cell.header);
    wanted[column] = Math.max(wanted[column] ?? 0, ...lines.map((line) => line.width + 2 * theme.cellPadding + 1));
  }
  const total = wanted.reduce((sum, width) => sum + width, 0);
  if (total <= available) return wanted;
  // Narrow columns keep their width; wide ones share the rest in proportion.
  const fair = available / count;
  const narrow = wanted.filter((width) => width <= fair).reduce((sum, width) => sum + width, 0);
  const wide = total - narrow;
  return wanted.map((width) => (width <= fair ? width : (width / wide) * (available - narrow)));
}

function cellLines(cell: Cell, width: number, rendering: Rendering, header: boolean): TextLine[] {
  const [only, second] = cell.children;
  const font = header ? 'bold' : 'regular';
  if (!only) return [];
  if (only.type === 'paragraph' && !second) return linesFor(only.children, width, rendering, { font, size: SIZE });
  return cell.children.flatMap((block) => linesFor(flatten(block), width, rendering, { font, size: SIZE }));
}

/** Blocks inside cells are set as their text, one line for each of their parts. */
function flatten(block: Block): Inline[] {
  if (block.type === 'paragraph' || block.type === 'heading') return block.children;
  const lines =
    block.type === 'list'
      ? block.items.map((item, index) => `${list(block.ordered, block.start + index)} ${blockText(item.children)}`)
      : blockText([block]).split('\n');
  return lines.flatMap((text, index): Inline[] => [
    ...(index > 0 ? [{ type: 'break' as const }] : []),
    { type: 'text', text },
  ]);
}

function list(ordered: boolean, number: number): string {
  return ordered ? `${number}.` : '•';
}

function rowHeights(rows: number, cells: readonly LaidCell[]): number[] {
  const heights = new Array<number>(rows).fill(SIZE * theme.leading + 2 * theme.cellPadding);
  const heightOf = ({ lines }: LaidCell): number =>
    lines.reduce((sum, line) => sum + line.height, 0) + 2 * theme.cellPadding;
  for (const own of cells)
    if (own.cell.rowspan === 1) heights[own.row] = Math.max(heights[own.row] ?? 0, heightOf(own));
  for (const own of cells.filter(({ cell }) => cell.rowspan > 1)) {
    const last = Math.min(own.row + own.cell.rowspan, rows) - 1;
    const have = heights.slice(own.row, last + 1).reduce((sum, height) => sum + height, 0);
    heights[last] = (heights[last] ?? 0) + Math.max(0, heightOf(own) - have);
  }
  return heights;
}

function drawCell(own: LaidCell, heights: readonly number[], { canvas }: Rendering): void {
  const height = heights.slice(own.row, own.row + own.cell.rowspan).reduce((sum, one) => sum + one, 0);
  canvas.box({ x: own.x, y: canvas.y, width: own.width, height }, own.header ? colors.shade : undefined, true);
  let y = canvas.y + theme.cellPadding;
  for (const line of own.lines) {
    const room = own.width - 2 * theme.cellPadding - line.width;
    const shift = own.alignment === 'right' ? room : own.alignment === 'center' ? room / 2 : 0;
    canvas.line(line, own.x + theme.cellPadding + shift, y);
    y += line.height;
  }
}
