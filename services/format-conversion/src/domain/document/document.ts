import type { Block } from './block.ts';

export interface Metadata {
  title?: string;
  authors?: string[];
  /** BCP 47 tag as the document itself claims it. */
  language?: string;
  subject?: string;
  keywords?: string[];
  /** RFC 3339 instants. */
  created?: string;
  modified?: string;
}

/** A binary part of the document, usually an image. */
export interface Asset {
  mediaType: string;
  data: Uint8Array;
}

/** The one model that every reader produces and every writer consumes. */
export interface Document {
  metadata: Metadata;
  blocks: Block[];
  /** Footnote bodies by the identifier that `footnote` inlines carry, in order of definition. */
  footnotes: Record<string, Block[]>;
  /** Binary parts by the identifier that image sources carry. */
  assets: Record<string, Asset>;
}

export function emptyDocument(): Document {
  return { metadata: {}, blocks: [], footnotes: {}, assets: {} };
}

/** A document of blocks alone. */
export function documentOf(blocks: Block[], metadata: Metadata = {}): Document {
  return { ...emptyDocument(), blocks, metadata };
}
