import type { Context } from '../../context.ts';
import { ConversionError, tooLarge } from '../../conversion-error.ts';
import { emptyDocument, type Document } from '../../document/document.ts';
import { pageRange } from '../page-range.ts';
import { layOutPage, type PageFlow } from './layout/page-flow.ts';
import { readMetadata } from './metadata.ts';
import { openPdf } from './open.ts';
import { extractPage, type PdfDocument } from './page/extract.ts';
import { blocksOf } from './structure/blocks.ts';
import { bodyStyle } from './structure/body-style.ts';
import { removeFurniture } from './structure/furniture.ts';
import { groupLines } from './structure/groups.ts';
import { vocabularyOf } from './structure/join-lines.ts';
import { joinBrokenParagraphs } from './structure/page-breaks.ts';

/** Reads the text layer of a PDF (ISO 32000-2) and works out its structure from how it is set. */
export async function readPdf(input: Uint8Array, context: Context): Promise<Document> {
  const pdf = await openPdf(input);
  try {
    const wanted = pageRange(context.options.pages, pdf.numPages);
    if (wanted.length > context.limits.pages) {
      throw tooLarge(
        `The PDF has ${wanted.length} pages; ${context.limits.pages} are read at a time. Choose some with \`pages\`.`,
      );
    }
    const metadata = readMetadata(await pdf.getMetadata());
    return { ...emptyDocument(), metadata, blocks: structureOf(await layOut(pdf, wanted, context), context) };
  } finally {
    await pdf.loadingTask.destroy();
  }
}

async function layOut(pdf: PdfDocument, wanted: readonly number[], { warnings }: Context): Promise<PageFlow[]> {
  const pages: PageFlow[] = [];
  for (const number of wanted) {
    const page = await pdf.getPage(number);
    const content = await extractPage(page);
    page.cleanup();
    const where = `page ${number}`;
    if (content.glyphs.length === 0 && content.images.length > 0) {
      warnings.add(
        'PAGE_WITHOUT_TEXT',
        'A page is a picture without text layer; it needs character recognition.',
        where,
      );
    }
    if (content.rotated > 0)
      warnings.add('ROTATED_TEXT_DROPPED', 'Text that runs up or down a page was left out.', where);
    if (content.unmapped > 0)
      warnings.add(
        'CHARACTERS_UNKNOWN',
        'A font does not say which characters its glyphs are; they may be wrong.',
        where,
      );
    pages.push(layOutPage(content, number));
  }
  if (pages.length > 0 && pages.every((page) => page.regions.length === 0)) {
    throw new ConversionError(
      'CONVERT_NOTHING_TO_WRITE',
      'The PDF has no text layer: its pages are pictures. Character recognition is needed first.',
    );
  }
  return pages;
}

function structureOf(pages: readonly PageFlow[], { warnings }: Context): Document['blocks'] {
  const removed = removeFurniture(pages, bodyStyle(pages).size);
  if (removed > 0)
    warnings.add('PAGE_HEADERS_DROPPED', 'Running heads, feet and page numbers repeat on pages and were left out.');
  const body = bodyStyle(pages);
  const lines = pages.flatMap((page) => page.regions.flat()).filter((element) => element.kind === 'line');
  const regions = pages.flatMap((page) => page.regions.map((region) => groupLines(region, body, page.number)));
  return blocksOf(joinBrokenParagraphs(regions), body, vocabularyOf(lines));
}
