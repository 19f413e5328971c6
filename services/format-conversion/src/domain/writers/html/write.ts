import type { Context } from '../../context.ts';
import type { Document } from '../../document/document.ts';
import { inlineText } from '../../document/plain-text.ts';
import { renderBlocks } from './blocks.ts';
import { renderNotes } from './notes.ts';
import { page } from './page.ts';
import { dataUri, type Rendering } from './rendering.ts';

/** Writes HTML: a fragment, or a page with `standalone`. Assets become data URIs. */
export function writeHtml(document: Document, context: Context): Uint8Array {
  const body = htmlFragment(document, context);
  return Buffer.from(context.options.standalone ? page(body, titled(document)) : body);
}

/** The document as an HTML fragment; footnotes stand at its end. */
export function htmlFragment(document: Document, context: Context): string {
  const rendering: Rendering = {
    context,
    xhtml: false,
    notes: [],
    assetUrl: (id) => {
      const asset = document.assets[id];
      return asset && dataUri(asset);
    },
  };
  return renderBlocks(document.blocks, rendering) + renderNotes(document, rendering);
}

function titled({ metadata, blocks }: Document): Document['metadata'] {
  if (metadata.title !== undefined) return metadata;
  const heading = blocks.find((block) => block.type === 'heading');
  const title = heading?.type === 'heading' ? inlineText(heading.children) : undefined;
  return title === undefined ? metadata : { ...metadata, title };
}
