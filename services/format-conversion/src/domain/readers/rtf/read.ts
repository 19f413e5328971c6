import type { Context } from '../../context.ts';
import { malformed } from '../../conversion-error.ts';
import type { Document } from '../../document/document.ts';
import { RtfReader } from './reader.ts';
import { tokensOf } from './tokens.ts';

/** Reads Rich Text Format (version 1.9.1): text, marks, headings, lists, tables, links, notes and pictures. */
export function readRtf(input: Uint8Array, { limits }: Context): Document {
  const source = Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('latin1');
  if (!source.startsWith('{\\rtf')) throw malformed('The document does not begin like RTF.');
  const reader = new RtfReader();
  for (const token of tokensOf(source, limits.depth)) reader.take(token);
  return reader.finish();
}
