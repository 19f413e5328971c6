import type { Context } from '../../context.ts';
import { ConversionError } from '../../conversion-error.ts';
import type { Block, Table } from '../../document/block.ts';
import type { Document } from '../../document/document.ts';
import { hasSpans, tableGrid } from '../../document/grid.ts';
import { blockText } from '../../document/plain-text.ts';

/** Writes one table of the document as RFC 4180: commas, quotes where needed, CRLF. */
export function writeCsv(document: Document, context: Context): Uint8Array {
  const { options, warnings } = context;
  const tables = tablesIn(document.blocks);
  const table = tables[options.table - 1];
  if (!table) throw new ConversionError('CONVERT_NOTHING_TO_WRITE', missing(tables.length, options.table));
  if (tables.length > 1) {
    warnings.add(
      'TABLES_OMITTED',
      `The document has ${tables.length} tables; table ${options.table} was written. Choose with \`table\`.`,
    );
  }
  if (document.blocks.some((block) => block.type !== 'table')) {
    warnings.add('TEXT_OMITTED', 'CSV holds a table only; the text around it was left out.');
  }
  if (hasSpans(table)) warnings.add('TABLE_SPANS_FLATTENED', 'CSV has no spans; every place has a field of its own.');
  const records = tableGrid(table).map((row) =>
    row.map((place) => (place && (place.origin || options.spans === 'repeat') ? blockText(place.cell.children) : '')),
  );
  return Buffer.from(records.map((record) => `${record.map(field).join(',')}\r\n`).join(''));
}

function missing(found: number, asked: number): string {
  return found === 0
    ? 'The document has no table, and CSV can hold nothing else.'
    : `The document has ${found} tables; there is no table ${asked}.`;
}

/** All tables that are not inside another, in document order. */
export function tablesIn(blocks: readonly Block[]): Table[] {
  return blocks.flatMap((block) => {
    if (block.type === 'table') return [block];
    if (block.type === 'quote') return tablesIn(block.children);
    return block.type === 'list' ? block.items.flatMap((item) => tablesIn(item.children)) : [];
  });
}

function field(value: string): string {
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
