import { PDFDocument, PDFString, StandardFonts, rgb, type PDFFont, type PDFPage } from 'pdf-lib';

/** Draws a test PDF by hand; y is from the top of an A4 page. */
export interface PdfPen {
  file: PDFDocument;
  page: PDFPage;
  text(value: string, x: number, y: number, options?: { size?: number; font?: keyof PdfFonts }): void;
  line(x1: number, y1: number, x2: number, y2: number): void;
  link(url: string, x: number, y: number, width: number): void;
  newPage(): void;
}

interface PdfFonts {
  regular: PDFFont;
  bold: PDFFont;
  italic: PDFFont;
  mono: PDFFont;
}

const HEIGHT = 842;

export async function drawPdf(draw: (pen: PdfPen) => void): Promise<Uint8Array> {
  const file = await PDFDocument.create();
  const fonts: PdfFonts = {
    regular: await file.embedFont(StandardFonts.TimesRoman),
    bold: await file.embedFont(StandardFonts.TimesRomanBold),
    italic: await file.embedFont(StandardFonts.TimesRomanItalic),
    mono: await file.embedFont(StandardFonts.Courier),
  };
  const pen: PdfPen = {
    file,
    page: file.addPage([595, HEIGHT]),
    text: (value, x, y, { size = 10, font = 'regular' } = {}) =>
      pen.page.drawText(value, { x, y: HEIGHT - y, size, font: fonts[font] }),
    line: (x1, y1, x2, y2) =>
      pen.page.drawLine({
        start: { x: x1, y: HEIGHT - y1 },
        end: { x: x2, y: HEIGHT - y2 },
        thickness: 0.5,
        color: rgb(0, 0, 0),
      }),
    link: (url, x, y, width) => {
      const action = { Type: 'Action', S: 'URI', URI: PDFString.of(url) };
      const rect = [x, HEIGHT - y - 3, x + width, HEIGHT - y + 10];
      pen.page.node.addAnnot(
        file.context.register(file.context.obj({ Type: 'Annot', Subtype: 'Link', Rect: rect, A: action })),
      );
    },
    newPage: () => {
      pen.page = file.addPage([595, HEIGHT]);
    },
  };
  draw(pen);
  return file.save();
}

/** Lines of one paragraph, 12 points apart. Returns the y below them. */
export function drawLines(pen: PdfPen, lines: readonly string[], x: number, y: number): number {
  lines.forEach((line, index) => pen.text(line, x, y + 12 * index));
  return y + 12 * lines.length;
}
