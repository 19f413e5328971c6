import type { PDFDocument, PDFPage } from 'pdf-lib';
import type { Context } from '../../context.ts';
import type { Inline } from '../../document/inline.ts';
import type { Document } from '../../document/document.ts';
import type { Canvas } from './canvas.ts';
import type { FontName, Fonts } from './fonts.ts';
import { breakLines, type TextLine } from './lines.ts';
import { colors } from './theme.ts';
import { wordsOf } from './words.ts';

export interface Bookmark {
  level: number;
  title: string;
  page: PDFPage;
  /** From the bottom of the page. */
  y: number;
}

/** What the rendering functions share for one document. */
export interface Rendering {
  context: Context;
  document: Document;
  file: PDFDocument;
  fonts: Fonts;
  canvas: Canvas;
  /** Identifiers of the notes in order of first reference. */
  notes: string[];
  bookmarks: Bookmark[];
}

/** A column of the page that blocks are set in. */
export interface Frame {
  left: number;
  width: number;
}

/** Inline content as lines of a given width. */
export function linesFor(
  children: readonly Inline[],
  width: number,
  { fonts, notes, context }: Rendering,
  type: { font: FontName; size: number },
): TextLine[] {
  const words = wordsOf(children, {
    fonts,
    setting: { ...type, color: colors.text, rise: 0, underline: false, strike: false },
    noteNumber: (id) => {
      if (!notes.includes(id)) notes.push(id);
      return notes.indexOf(id) + 1;
    },
    warn: (code, detail) => context.warnings.add(code, detail),
  });
  return breakLines(words, width, type.size, fonts);
}
