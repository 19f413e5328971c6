import type { Alignment, Cell, Table } from '../../document/block.ts';
import { tooLarge } from '../../conversion-error.ts';
import { attributeOf, childElements, type Element } from './dom.ts';
import { Flow } from './paragraphs.ts';
import { readBlocks, type Scope } from './scope.ts';

/** HTML, section 4.9.11: larger spans are clamped. */
const MAX_COLSPAN = 1_000;

interface RowElement {
  element: Element;
  inHead: boolean;
}

export function readTable(element: Element, scope: Scope): Table {
  const rowElements = rowsOf(element);
  const rows = rowElements.map(({ element: row }, index) => ({
    cells: cellsOf(row).map((cell) => readCell(cell, scope, rowElements.length - index)),
  }));
  if (
    rows.reduce((sum, row) => sum + row.cells.reduce((area, cell) => area + cell.colspan * cell.rowspan, 0), 0) >
    scope.context.limits.cells
  ) {
    throw tooLarge(`A table covers more than ${scope.context.limits.cells} cells.`);
  }
  const body = rowElements.findIndex(({ element: row, inHead }) => !inHead && !isHeaderRow(row));
  return {
    type: 'table',
    caption: captionOf(element, scope),
    rows,
    headerRows: body < 0 ? Math.min(1, rows.length) : body,
    alignments: alignmentsOf(rowElements),
  };
}

/** Rows in reading order: head, bodies, foot (HTML, section 4.9.1). */
function rowsOf(table: Element): RowElement[] {
  const order = ['thead', 'tbody', 'tfoot'];
  const sections = childElements(table).map((element) => ({ element, rank: order.indexOf(element.tagName) }));
  return sections
    .filter(({ rank }) => rank >= 0)
    .sort((left, right) => left.rank - right.rank)
    .flatMap(({ element, rank }) => childElements(element).map((row) => ({ element: row, inHead: rank === 0 })))
    .filter(({ element }) => element.tagName === 'tr' && cellsOf(element).length > 0);
}

function cellsOf(row: Element): Element[] {
  return childElements(row).filter(({ tagName }) => tagName === 'td' || tagName === 'th');
}

function isHeaderRow(row: Element): boolean {
  return cellsOf(row).every(({ tagName }) => tagName === 'th');
}

function readCell(element: Element, scope: Scope, rowsLeft: number): Cell {
  const rowspan = numberOf(element, 'rowspan', 1);
  return {
    // `rowspan=0` reaches to the end of the table section.
    rowspan: rowspan === 0 ? rowsLeft : Math.min(rowspan, rowsLeft),
    colspan: Math.min(Math.max(numberOf(element, 'colspan', 1), 1), MAX_COLSPAN),
    header: element.tagName === 'th',
    children: readBlocks(element, { ...scope, marks: [] }),
  };
}

function numberOf(element: Element, name: string, otherwise: number): number {
  const value = Number.parseInt(attributeOf(element, name) ?? '', 10);
  return Number.isNaN(value) || value < 0 ? otherwise : value;
}

function captionOf(table: Element, scope: Scope): Table['caption'] {
  const caption = childElements(table).find(({ tagName }) => tagName === 'caption');
  if (!caption) return [];
  const flow = new Flow();
  scope.walkChildren(caption, scope, flow);
  return flow.blocks().flatMap((block) => (block.type === 'paragraph' ? block.children : []));
}

/** Alignment of a column is that of its cells in the first row that states any. */
function alignmentsOf(rows: readonly RowElement[]): Alignment[] {
  for (const { element } of rows) {
    const alignments = cellsOf(element).map(alignmentOf);
    if (alignments.some((alignment) => alignment !== 'none')) return alignments;
  }
  return [];
}

function alignmentOf(cell: Element): Alignment {
  const style = /text-align\s*:\s*(left|center|right)/i.exec(attributeOf(cell, 'style') ?? '')?.[1];
  const value = (style ?? attributeOf(cell, 'align') ?? '').toLowerCase();
  return value === 'left' || value === 'center' || value === 'right' ? value : 'none';
}
