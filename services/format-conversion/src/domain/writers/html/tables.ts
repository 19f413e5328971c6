import type { Cell, Table } from '../../document/block.ts';
import { placeCells } from '../../document/grid.ts';
import { attribute } from './escape.ts';
import { renderInlines } from './inlines.ts';
import type { Rendering } from './rendering.ts';

/** Renders a table; `renderCell` renders what stands in a cell. */
export function renderTable(table: Table, rendering: Rendering, renderCell: (cell: Cell) => string): string {
  const caption = table.caption.length > 0 ? `<caption>${renderInlines(table.caption, rendering)}</caption>\n` : '';
  const columnOf = new Map(placeCells(table).map(({ cell, column }) => [cell, column]));
  const rows = table.rows.map(({ cells }, index) => {
    const inner = cells.map((cell) => {
      const tag = cell.header || index < table.headerRows ? 'th' : 'td';
      return `<${tag}${cellAttributes(cell, table.alignments[columnOf.get(cell) ?? 0])}>${renderCell(cell)}</${tag}>\n`;
    });
    return `<tr>\n${inner.join('')}</tr>\n`;
  });
  const head = rows.slice(0, table.headerRows).join('');
  const body = rows.slice(table.headerRows).join('');
  return `<table>\n${caption}${section('thead', head)}${section('tbody', body)}</table>\n`;
}

function section(name: string, rows: string): string {
  return rows === '' ? '' : `<${name}>\n${rows}</${name}>\n`;
}

function cellAttributes({ colspan, rowspan }: Cell, alignment = 'none'): string {
  return [
    colspan > 1 ? attribute('colspan', String(colspan)) : '',
    rowspan > 1 ? attribute('rowspan', String(rowspan)) : '',
    alignment === 'none' ? '' : attribute('style', `text-align:${alignment}`),
  ].join('');
}
