import { ByteReader } from '../codec/byte-reader.ts';
import { ByteWriter } from '../codec/byte-writer.ts';
import { compareCodePoints } from '../codec/code-point-order.ts';

/** Values of one field, by document: those of document d are values[starts[d]] to values[starts[d + 1] - 1]. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly starts: Uint32Array;
  readonly values: Float64Array;
}

/** As NumberColumn, with each value an index into `dictionary`, which is in code point order. */
export interface KeywordColumn {
  readonly kind: 'keyword';
  readonly starts: Uint32Array;
  readonly values: Int32Array;
  readonly dictionary: readonly string[];
}

export type Column = NumberColumn | KeywordColumn;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Encodes one row of numbers per document; repeated values of a document are kept once. */
export function encodeNumbers(rows: readonly (readonly number[])[]): Uint8Array {
  const out = new ByteWriter(rows.length * 9);
  out.varint(rows.length);
  for (const row of rows) {
    const values = [...new Set(row)].sort((a, b) => a - b);
    out.varint(values.length);
    for (const value of values) out.float64(value);
  }
  return out.toBytes();
}

/** Encodes one row of strings per document: a dictionary, then ordinals. */
export function encodeKeywords(rows: readonly (readonly string[])[]): Uint8Array {
  const dictionary = [...new Set(rows.flat())].sort(compareCodePoints);
  const ordinals = new Map(dictionary.map((value, ordinal) => [value, ordinal]));
  const out = new ByteWriter(rows.length * 2 + dictionary.length * 16);
  out.varint(dictionary.length);
  for (const value of dictionary) {
    const bytes = encoder.encode(value);
    out.varint(bytes.length);
    out.bytes(bytes);
  }
  out.varint(rows.length);
  for (const row of rows) {
    const values = [...new Set(row.map((value) => ordinals.get(value) as number))].sort((a, b) => a - b);
    out.varint(values.length);
    for (const ordinal of values) out.varint(ordinal);
  }
  return out.toBytes();
}

export function decodeNumbers(bytes: Uint8Array): NumberColumn {
  const { starts, values } = decodeRows(new ByteReader(bytes), (reader) => reader.float64());
  return { kind: 'number', starts, values: Float64Array.from(values) };
}

export function decodeKeywords(bytes: Uint8Array): KeywordColumn {
  const reader = new ByteReader(bytes);
  const dictionary: string[] = [];
  for (let n = reader.varint(); n > 0; n--) {
    const length = reader.varint();
    dictionary.push(decoder.decode(bytes.subarray(reader.position, reader.position + length)));
    reader.position += length;
  }
  const { starts, values } = decodeRows(reader, () => reader.varint());
  return { kind: 'keyword', starts, values: Int32Array.from(values), dictionary };
}

/** The column of a segment written before the field existed: no document has a value. */
export function emptyColumn(kind: Column['kind'], documents: number): Column {
  const starts = new Uint32Array(documents + 1);
  return kind === 'number'
    ? { kind, starts, values: new Float64Array(0) }
    : { kind, starts, values: new Int32Array(0), dictionary: [] };
}

/** Bytes that a decoded column takes in memory; strings at two bytes a character and a header. */
export function columnBytes(column: Column): number {
  const strings =
    column.kind === 'keyword' ? column.dictionary.reduce((sum, text) => sum + 24 + text.length * 2, 0) : 0;
  return column.starts.byteLength + column.values.byteLength + strings;
}

function decodeRows(
  reader: ByteReader,
  read: (reader: ByteReader) => number,
): { starts: Uint32Array; values: number[] } {
  const documents = reader.varint();
  const starts = new Uint32Array(documents + 1);
  const values: number[] = [];
  for (let document = 0; document < documents; document++) {
    for (let n = reader.varint(); n > 0; n--) values.push(read(reader));
    starts[document + 1] = values.length;
  }
  return { starts, values };
}
