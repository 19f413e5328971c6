import type { Context } from '../../context.ts';
import { malformed, tooLarge } from '../../conversion-error.ts';
import { decodeText } from '../../detect/encoding.ts';
import type { Block } from '../../document/block.ts';
import { documentOf, type Document } from '../../document/document.ts';
import { checkDocument, DOCUMENT_SCHEMA } from '../../document/schema.ts';
import { fromWireKeys } from '../../document/wire-keys.ts';
import { tableOf } from '../csv/read.ts';

type JsonObject = Record<string, unknown>;

/**
 * Reads the document model's own JSON back. Any other JSON is data: an array of objects becomes a table with
 * their keys as header, everything else a code block.
 */
export function readJson(input: Uint8Array, context: Context): Document {
  const source = decodeText(input, { encoding: context.options.encoding, warnings: context.warnings });
  const value = parse(source);
  checkDepth(value, context.limits.depth);
  if (isObject(value) && value['schema'] === DOCUMENT_SCHEMA) return readModel(value);
  return documentOf([dataBlock(value, context)]);
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw malformed(`The text is not JSON: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function readModel(value: JsonObject): Document {
  const checked = checkDocument(fromWireKeys(value));
  if ('fault' in checked)
    throw malformed(`The document does not fit its schema at "${checked.fault.pointer}": ${checked.fault.detail}`);
  return checked.document;
}

function dataBlock(value: unknown, context: Context): Block {
  const rows =
    Array.isArray(value) && value.length > 0 && value.every(isFlatObject) ? (value as JsonObject[]) : undefined;
  if (!rows) return { type: 'code', language: 'json', text: `${JSON.stringify(value, undefined, 2)}\n` };
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return tableOf([keys, ...rows.map((row) => keys.map((key) => scalar(row[key])))], context);
}

function scalar(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFlatObject(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((field) => typeof field !== 'object' || field === null);
}

/** JSON.parse takes any depth; what walks the value afterwards does not. */
function checkDepth(root: unknown, limit: number): void {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    // The model needs a few levels of JSON for one level of content.
    if (depth > limit * 4) throw tooLarge(`The JSON nests deeper than ${limit * 4} levels.`);
    level = level.flatMap((value): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
}
