import type { Context } from '../../context.ts';
import type { Document } from '../../document/document.ts';
import { renderBlocks } from './blocks.ts';
import { noteLabel } from './inlines.ts';
import type { Rendering } from './rendering.ts';

/** Writes GitHub Flavored Markdown: ATX headings, hyphen bullets, fenced code, pipe tables, dollar math. */
export function writeMarkdown(document: Document, context: Context): Uint8Array {
  const rendering: Rendering = { context, document, singleLine: false, breakText: ' ' };
  const parts = [renderBlocks(document.blocks, rendering), ...renderNotes(document, rendering)];
  const markdown = parts.filter((part) => part !== '').join('\n\n');
  return Buffer.from(markdown === '' ? '' : `${markdown}\n`);
}

function renderNotes(document: Document, rendering: Rendering): string[] {
  return Object.entries(document.footnotes).map(([id, blocks]) => {
    const [first = '', ...rest] = renderBlocks(blocks, rendering).split('\n');
    const continued = rest.map((line) => (line === '' ? '' : `    ${line}`));
    return [`[^${noteLabel(id)}]: ${first}`, ...continued].join('\n');
  });
}
