import { AlignmentType, Paragraph, Table as WordTable, TableCell, TableRow, WidthType, type FileChild } from 'docx';
import type { Alignment, Block, Cell, Table } from '../../document/block.ts';
import { placeCells } from '../../document/grid.ts';
import { renderInlines } from './inlines.ts';
import type { Rendering } from './rendering.ts';

const ALIGNMENTS = {
  left: AlignmentType.LEFT,
  center: AlignmentType.CENTER,
  right: AlignmentType.RIGHT,
  none: undefined,
} as const;

type RenderBlocks = (blocks: readonly Block[]) => FileChild[];

export function renderTable(table: Table, rendering: Rendering, renderBlocks: RenderBlocks): FileChild[] {
  const columnOf = new Map(placeCells(table).map(({ cell, column }) => [cell, column]));
  const rows = table.rows.map(({ cells }, index) => {
    const header = index < table.headerRows;
    const children = cells.map((cell) =>
      renderCell(cell, {
        rendering,
        renderBlocks,
        header,
        alignment: table.alignments[columnOf.get(cell) ?? 0] ?? 'none',
      }),
    );
    return new TableRow({ tableHeader: header, children });
  });
  if (rows.length === 0) return [];
  const caption =
    table.caption.length > 0
      ? [new Paragraph({ style: 'Caption', children: renderInlines(table.caption, rendering) })]
      : [];
  // A paragraph keeps two neighbouring tables from becoming one.
  return [...caption, new WordTable({ rows, width: { size: 100, type: WidthType.PERCENTAGE } }), new Paragraph({})];
}

interface CellOptions {
  rendering: Rendering;
  renderBlocks: RenderBlocks;
  header: boolean;
  alignment: Alignment;
}

function renderCell(cell: Cell, { rendering, renderBlocks, header, alignment }: CellOptions): TableCell {
  const [only, second] = cell.children;
  const simple = only?.type === 'paragraph' && !second ? only : undefined;
  const blocks = simple
    ? []
    : renderBlocks(cell.children).filter((block) => block instanceof Paragraph || block instanceof WordTable);
  const style = header || cell.header ? { style: 'TableHeader' } : {};
  const children = simple
    ? [new Paragraph({ ...style, ...alignmentOf(alignment), children: renderInlines(simple.children, rendering) })]
    : blocks;
  // A cell must end in a paragraph (ECMA-376 part 1, section 17.4.65).
  const closed = children.at(-1) instanceof Paragraph ? children : [...children, new Paragraph({})];
  return new TableCell({ children: closed, columnSpan: cell.colspan, rowSpan: cell.rowspan });
}

function alignmentOf(alignment: Alignment): { alignment?: (typeof AlignmentType)[keyof typeof AlignmentType] } {
  const value = ALIGNMENTS[alignment];
  return value === undefined ? {} : { alignment: value };
}
