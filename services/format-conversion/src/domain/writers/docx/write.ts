import { Document as WordDocument, Packer, Paragraph } from 'docx';
import type { Context } from '../../context.ts';
import type { Block } from '../../document/block.ts';
import type { Document, Metadata } from '../../document/document.ts';
import { HEADING_BASE_PROPERTY } from '../../opc/heading-base.ts';
import { renderBlocks } from './blocks.ts';
import type { Rendering } from './rendering.ts';
import { styles } from './styles.ts';

/** Page sizes in twentieths of a point. */
const PAGES = { a4: { width: 11_906, height: 16_838 }, letter: { width: 12_240, height: 15_840 } } as const;
const MARGIN = 1_440;
const TWIPS_PER_PIXEL = 15;

/** Writes a Word document (transitional WordprocessingML) with Word's own styles, numberings, notes and equations. */
export async function writeDocx(document: Document, context: Context): Promise<Uint8Array> {
  const size = PAGES[context.options.pageSize];
  const titled = hasOneTitle(document.blocks);
  const rendering: Rendering = {
    context,
    document,
    numbering: [],
    notes: [],
    headingShift: titled ? 1 : 0,
    widthPixels: (size.width - 2 * MARGIN) / TWIPS_PER_PIXEL,
  };
  const children = renderBlocks(document.blocks, rendering);
  const footnotes = renderNotes(rendering);
  const file = new WordDocument({
    ...properties(document.metadata),
    styles,
    numbering: { config: rendering.numbering },
    footnotes,
    customProperties: titled ? [] : [{ name: HEADING_BASE_PROPERTY, value: '1' }],
    sections: [
      {
        properties: { page: { size, margin: { top: MARGIN, right: MARGIN, bottom: MARGIN, left: MARGIN } } },
        children,
      },
    ],
  });
  return new Uint8Array(await Packer.toArrayBuffer(file));
}

/** One heading of level 1 before all others is the title; `Heading 1` is then a section's. */
function hasOneTitle(blocks: readonly Block[]): boolean {
  const headings = blocks.filter((block) => block.type === 'heading');
  const top = headings.filter(({ level }) => level === 1);
  return top.length === 0 || (top.length === 1 && headings[0]?.level === 1);
}

/** Notes may refer to further notes, so the list grows while it is rendered. */
function renderNotes(rendering: Rendering): Record<string, { children: Paragraph[] }> {
  const notes: Record<string, { children: Paragraph[] }> = {};
  for (let index = 0; index < rendering.notes.length; index += 1) {
    const blocks = renderBlocks(rendering.document.footnotes[rendering.notes[index] ?? ''] ?? [], rendering);
    notes[String(index + 1)] = { children: blocks.filter((block) => block instanceof Paragraph) };
  }
  return notes;
}

function properties({ title, authors, subject, keywords }: Metadata): {
  title?: string;
  creator?: string;
  subject?: string;
  keywords?: string;
} {
  return {
    ...(title === undefined ? {} : { title }),
    ...(authors === undefined ? {} : { creator: authors.join('; ') }),
    ...(subject === undefined ? {} : { subject }),
    ...(keywords === undefined ? {} : { keywords: keywords.join(', ') }),
  };
}
