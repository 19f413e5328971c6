import type { Document } from '../../document/document.ts';
import { renderBlocks } from './blocks.ts';
import type { Rendering } from './rendering.ts';

/** The notes that the text refers to. Notes may refer to further notes, so the list grows while it is rendered. */
export function renderNotes(document: Document, rendering: Rendering): string {
  const items: string[] = [];
  for (let index = 0; index < rendering.notes.length; index += 1) {
    const body = renderBlocks(document.footnotes[rendering.notes[index] ?? ''] ?? [], rendering);
    items.push(`<li id="fn-${index + 1}">\n${body}<p><a href="#fnref-${index + 1}">↩</a></p>\n</li>\n`);
  }
  return items.length === 0 ? '' : `<section class="footnotes">\n<hr />\n<ol>\n${items.join('')}</ol>\n</section>\n`;
}
