import type { Context } from '../../context.ts';
import { tooLarge } from '../../conversion-error.ts';
import { decodeText } from '../../detect/encoding.ts';
import { cell, paragraph, type Cell, type Table } from '../../document/block.ts';
import { documentOf, type Document } from '../../document/document.ts';
import type { Inline } from '../../document/inline.ts';
import { parseFields, sniffDelimiter } from './delimiter.ts';

/** Reads comma-separated values (RFC 4180) with any separator. The first record is the header. */
export function readCsv(input: Uint8Array, context: Context): Document {
  return documentOf(tableBlocks(input, context, context.options.delimiter));
}

/** Tab-separated values (IANA text/tab-separated-values), unless the caller names another separator. */
export function readTsv(input: Uint8Array, context: Context): Document {
  return documentOf(tableBlocks(input, context, context.options.delimiter || '\t'));
}

function tableBlocks(input: Uint8Array, context: Context, given: string): Table[] {
  const source = decodeText(input, { encoding: context.options.encoding, warnings: context.warnings });
  const delimiter = given === '' ? sniffDelimiter(source) : given;
  const records = parseFields(source.replace(/^sep=.\r?\n/i, ''), delimiter);
  if (records.length === 0) return [];
  return [tableOf(records, context)];
}

/** A table of records; short ones are filled up with empty cells. */
export function tableOf(records: readonly string[][], { limits, warnings }: Context): Table {
  const width = records.reduce((most, record) => Math.max(most, record.length), 0);
  if (width * records.length > limits.cells) throw tooLarge(`The table has more than ${limits.cells} cells.`);
  if (records.some((record) => record.length < width)) {
    warnings.add(
      'CSV_RAGGED_ROWS',
      'Records have different numbers of fields; short ones were filled up with empty cells.',
    );
  }
  const rows = records.map((record, index) => ({
    cells: Array.from({ length: width }, (_, column) => cellOf(record[column] ?? '', index === 0)),
  }));
  return { type: 'table', caption: [], headerRows: 1, alignments: [], rows };
}

function cellOf(value: string, header: boolean): Cell {
  const lines = value.trim().split(/\r\n|\n|\r/);
  const children = lines.flatMap<Inline>((line, index) => [
    ...(index > 0 ? [{ type: 'break' as const }] : []),
    { type: 'text', text: line },
  ]);
  return cell(value.trim() === '' ? [] : [paragraph(children)], header);
}
