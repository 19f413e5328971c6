import type { Glyph } from './content.ts';
import { apply, type Matrix } from './matrix.ts';
import type { TextPosition, TextState } from './text-state.ts';

/** A glyph as pdf.js hands it over: a width in glyph space and the characters it stands for. */
export interface ShownGlyph {
  unicode: string;
  width: number;
  isSpace: boolean;
}

/** Presentation forms of Latin ligatures (Unicode FB00 to FB06) stand for letters. */
const LIGATURES = /[\uFB00-\uFB06]/g;

/** Turns shown strings into placed glyphs. */
export class GlyphSink {
  readonly glyphs: Glyph[] = [];
  rotated = 0;
  unmapped = 0;
  #spaced = false;

  /** Shows one string (ISO 32000-2, section 9.4.4); numbers move the position by thousandths of the size. */
  show(items: readonly (ShownGlyph | number | null)[], state: TextState, position: TextPosition, device: Matrix): void {
    for (const item of items) {
      if (item === null) continue;
      if (typeof item === 'number') position.advance((-item / 1000) * state.size * state.stretch);
      else this.#place(item, state, position, device);
    }
  }

  #place(shown: ShownGlyph, state: TextState, position: TextPosition, device: Matrix): void {
    const width = shown.width * state.scale;
    const matrix = position.rendering(state, device);
    const spacing = state.characterSpacing + (shown.isSpace ? state.wordSpacing : 0);
    position.advance((width * state.size + spacing) * state.stretch);
    const text = textOf(shown.unicode);
    if (text.trim() === '') {
      this.#spaced = true;
      return;
    }
    if (isUnmapped(text)) this.unmapped += 1;
    this.#add(text, matrix, width, state);
  }

  #add(text: string, matrix: Matrix, width: number, { face }: TextState): void {
    const [a, b, c, d] = matrix;
    if (Math.abs(b) > Math.abs(a)) {
      this.rotated += 1;
      return;
    }
    const [x1, y] = apply(matrix, 0, 0);
    const [x2] = apply(matrix, width, 0);
    const size = Math.hypot(c, d);
    this.glyphs.push({
      text,
      left: Math.min(x1, x2),
      right: Math.max(x1, x2),
      baseline: y,
      size,
      face,
      spaced: this.#spaced,
    });
    this.#spaced = false;
  }
}

function textOf(unicode: string): string {
  return unicode.replace(LIGATURES, (ligature) => ligature.normalize('NFKC')).replace(/[\p{Cc}\u00ad]/gu, '');
}

/** Private use and replacement characters mean that the font does not say which character the glyph is. */
function isUnmapped(text: string): boolean {
  return /[\uE000-\uF8FF\uFFFD]/.test(text);
}
