import { PDFDocument, rgb } from 'pdf-lib';
import type { Context } from '../../context.ts';
import type { Block } from '../../document/block.ts';
import type { Document, Metadata } from '../../document/document.ts';
import { drawBlocks } from './blocks.ts';
import { Canvas } from './canvas.ts';
import { Fonts } from './fonts.ts';
import { addOutline } from './outline.ts';
import type { Rendering } from './rendering.ts';
import { colors, theme } from './theme.ts';

/** Writes a PDF: set pages with outline, links and page numbers, in the standard fonts. */
export async function writePdf(document: Document, context: Context): Promise<Uint8Array> {
  const file = await PDFDocument.create();
  const fonts = await Fonts.embed(file, context.warnings);
  const canvas = new Canvas(file, fonts, theme.pages[context.options.pageSize]);
  const rendering: Rendering = { context, document, file, fonts, canvas, notes: [], bookmarks: [] };
  const frame = { left: canvas.left, width: canvas.width };
  await drawBlocks(document.blocks, rendering, frame);
  await drawNotes(rendering);
  setMetadata(file, document.metadata);
  addOutline(file, rendering.bookmarks);
  numberPages(file, fonts);
  return file.save();
}

/** Notes stand at the end. They may refer to further notes, so the list grows while it is drawn. */
async function drawNotes(rendering: Rendering): Promise<void> {
  const { canvas, notes, document } = rendering;
  if (notes.length === 0) return;
  canvas.require(3 * theme.body);
  canvas.rule(canvas.left, canvas.y, canvas.width / 3);
  canvas.y += theme.gap;
  const items: Block[] = [];
  for (let index = 0; index < notes.length; index += 1) {
    const children = document.footnotes[notes[index] ?? ''] ?? [];
    const list: Block = {
      type: 'list',
      ordered: true,
      start: index + 1,
      style: 'decimal',
      tight: true,
      items: [{ children }],
    };
    items.push(list);
    await drawBlocks([list], rendering, { left: canvas.left, width: canvas.width });
  }
}

function setMetadata(file: PDFDocument, { title, authors, subject, keywords, language }: Metadata): void {
  if (title !== undefined) file.setTitle(title, { showInWindowTitleBar: true });
  if (authors !== undefined) file.setAuthor(authors.join('; '));
  if (subject !== undefined) file.setSubject(subject);
  if (keywords !== undefined) file.setKeywords(keywords);
  if (language !== undefined) file.setLanguage(language);
  file.setProducer('GenAIPlatform format-conversion');
  file.setCreator('GenAIPlatform format-conversion');
}

function numberPages(file: PDFDocument, fonts: Fonts): void {
  const pages = file.getPages();
  pages.forEach((page, index) => {
    const text = `${index + 1} / ${pages.length}`;
    const font = fonts.get('regular');
    const width = font.widthOfTextAtSize(text, theme.note);
    page.drawText(text, {
      x: (page.getWidth() - width) / 2,
      y: theme.margin / 2,
      size: theme.note,
      font,
      color: rgb(...colors.line),
    });
  });
}
