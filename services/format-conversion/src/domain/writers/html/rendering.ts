import type { Context } from '../../context.ts';
import type { Asset } from '../../document/document.ts';

/** What the rendering functions share for one document. */
export interface Rendering {
  context: Context;
  /** The address under which an asset can be fetched: a data URI in HTML, a file name in EPUB. */
  assetUrl(assetId: string): string | undefined;
  /** EPUB content must be well-formed XML, so raw HTML cannot pass through. */
  xhtml: boolean;
  /** Identifiers of the notes in order of first reference. */
  notes: string[];
}

/** RFC 2397. */
export function dataUri({ mediaType, data }: Asset): string {
  return `data:${mediaType};base64,${Buffer.from(data).toString('base64')}`;
}

/** Number of a footnote: the order of its first reference, from 1. */
export function noteNumber(rendering: Rendering, id: string): number {
  if (!rendering.notes.includes(id)) rendering.notes.push(id);
  return rendering.notes.indexOf(id) + 1;
}
