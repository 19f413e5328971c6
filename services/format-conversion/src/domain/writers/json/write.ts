import type { Context } from '../../context.ts';
import type { Document } from '../../document/document.ts';
import { DOCUMENT_SCHEMA } from '../../document/schema.ts';
import { toWireKeys } from '../../document/wire-keys.ts';

/** Writes the document model itself: lossless, and what the JSON reader takes back. */
export function writeJson(document: Document, { options, warnings }: Context): Uint8Array {
  const { metadata, blocks, footnotes, assets } = document;
  const omit = options.images === 'omit' && Object.keys(assets).length > 0;
  if (omit) warnings.add('IMAGE_OMITTED', 'The images were left out; their places remain.');
  const encoded: Record<string, { mediaType: string; data: string }> = {};
  for (const [id, { mediaType, data }] of Object.entries(omit ? {} : assets)) {
    encoded[id] = { mediaType, data: Buffer.from(data).toString('base64') };
  }
  const model = toWireKeys({ metadata, blocks, footnotes, assets: encoded });
  return Buffer.from(`${JSON.stringify({ schema: DOCUMENT_SCHEMA, ...(model as object) }, undefined, 2)}\n`);
}
