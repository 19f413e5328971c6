import { PDFString, rgb, type PDFDocument, type PDFImage, type PDFPage } from 'pdf-lib';
import type { Fonts } from './fonts.ts';
import type { PlacedWord, TextLine } from './lines.ts';
import { colors, theme, type Color } from './theme.ts';

/** A cursor that moves down the pages, and what can be drawn at it. y grows downwards from the top of the page. */
export class Canvas {
  readonly #file: PDFDocument;
  readonly #fonts: Fonts;
  readonly #size: readonly [number, number];
  #page: PDFPage;
  y: number = theme.margin;

  constructor(file: PDFDocument, fonts: Fonts, size: readonly [number, number]) {
    this.#file = file;
    this.#fonts = fonts;
    this.#size = size;
    this.#page = file.addPage([...size]);
  }

  get page(): PDFPage {
    return this.#page;
  }

  get left(): number {
    return theme.margin;
  }

  get width(): number {
    return this.#size[0] - 2 * theme.margin;
  }

  /** Height that a page has for content. */
  get pageHeight(): number {
    return this.#size[1] - 2 * theme.margin;
  }

  /** Begins a page when less than this height is left; true if it did. */
  require(height: number): boolean {
    if (this.y + height <= this.#size[1] - theme.margin || this.y === theme.margin) return false;
    this.newPage();
    return true;
  }

  newPage(): void {
    this.#page = this.#file.addPage([...this.#size]);
    this.y = theme.margin;
  }

  /** Draws a line of text with its top at `y` and its left end at `x`. */
  line({ words, ascent }: TextLine, x: number, y: number): void {
    for (const word of words) this.#word(word, x + word.x, this.#size[1] - y - ascent);
  }

  #word({ text, width, setting }: PlacedWord, x: number, baseline: number): void {
    const { font, size, color, rise, underline, strike, url } = setting;
    const y = baseline + rise;
    this.#page.drawText(text, { x, y, size, font: this.#fonts.get(font), color: rgb(...color) });
    if (underline || url !== undefined) this.#stroke(x, y - size * 0.12, width, color);
    if (strike) this.#stroke(x, y + size * 0.3, width, color);
    if (url !== undefined) this.#link(url, [x, y - size * 0.25, x + width, y + size * 0.8]);
  }

  #stroke(x: number, y: number, width: number, color: Color): void {
    this.#page.drawLine({ start: { x, y }, end: { x: x + width, y }, thickness: 0.5, color: rgb(...color) });
  }

  /** ISO 32000-2, section 12.5.6.5. */
  #link(url: string, rect: number[]): void {
    const { context } = this.#file;
    const action = { Type: 'Action', S: 'URI', URI: PDFString.of(encodeURI(url).replaceAll('%25', '%')) };
    const annotation = context.obj({ Type: 'Annot', Subtype: 'Link', Rect: rect, Border: [0, 0, 0], A: action });
    this.#page.node.addAnnot(context.register(annotation));
  }

  box(
    { x, y, width, height }: { x: number; y: number; width: number; height: number },
    fill: Color | undefined,
    border = false,
  ): void {
    this.#page.drawRectangle({
      x,
      y: this.#size[1] - y - height,
      width,
      height,
      ...(fill ? { color: rgb(...fill) } : {}),
      ...(border ? { borderColor: rgb(...colors.line), borderWidth: 0.5 } : {}),
    });
  }

  rule(x: number, y: number, width: number): void {
    this.#stroke(x, this.#size[1] - y, width, colors.line);
  }

  image(image: PDFImage, x: number, width: number, height: number): void {
    this.#page.drawImage(image, { x, y: this.#size[1] - this.y - height, width, height });
  }
}
