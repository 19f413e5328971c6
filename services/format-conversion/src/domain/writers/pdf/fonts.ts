import { StandardFonts, type PDFDocument, type PDFFont } from 'pdf-lib';
import type { Warnings } from '../../document/warnings.ts';

export type FontName = 'regular' | 'bold' | 'italic' | 'boldItalic' | 'code' | 'codeBold';

const STANDARD: Readonly<Record<FontName, StandardFonts>> = {
  regular: StandardFonts.Helvetica,
  bold: StandardFonts.HelveticaBold,
  italic: StandardFonts.HelveticaOblique,
  boldItalic: StandardFonts.HelveticaBoldOblique,
  code: StandardFonts.Courier,
  codeBold: StandardFonts.CourierBold,
};

/** What stands for characters that the standard fonts lack, where something readable does. */
const SUBSTITUTES: Readonly<Record<string, string>> = {
  '→': '->', '←': '<-', '⇒': '=>', '↔': '<->', '≤': '<=', '≥': '>=', '≠': '!=', '≈': '~', '−': '-', '‑': '-', '‐': '-', '∞': 'inf', '√': 'sqrt',
  '✓': 'x', '✔': 'x', '☑': '[x]', '☒': '[x]', '☐': '[ ]', '●': '•', '▪': '•', '◦': 'o', '■': '•', '►': '>', '′': "'", '″': '"', '⁄': '/',
  '\u2002': ' ', '\u2003': ' ', '\u2009': ' ', '\u202f': ' ', '\u200b': '', '\ufeff': '', '\t': '    ', 'ﬁ': 'fi', 'ﬂ': 'fl',
}; // prettier-ignore

/**
 * The fonts every PDF reader has (ISO 32000-2, section 9.6.2.2). They know Western European letters only; others
 * become a question mark, and the warnings say how many.
 */
export class Fonts {
  readonly #fonts = new Map<FontName, PDFFont>();
  readonly #known: ReadonlySet<number>;
  readonly #warnings: Warnings;

  private constructor(fonts: readonly (readonly [FontName, PDFFont])[], warnings: Warnings) {
    this.#fonts = new Map(fonts);
    this.#known = new Set(this.get('regular').getCharacterSet());
    this.#warnings = warnings;
  }

  static async embed(file: PDFDocument, warnings: Warnings): Promise<Fonts> {
    const names = Object.entries(STANDARD) as [FontName, StandardFonts][];
    const fonts = await Promise.all(
      names.map(async ([name, standard]) => [name, await file.embedFont(standard)] as const),
    );
    return new Fonts(fonts, warnings);
  }

  get(name: FontName): PDFFont {
    const font = this.#fonts.get(name);
    if (!font) throw new Error(`font ${name} is not embedded`);
    return font;
  }

  /** The text in characters that can be shown. */
  encodable(text: string): string {
    return [...text.normalize('NFC')].map((character) => this.#substitute(character)).join('');
  }

  #substitute(character: string): string {
    if (this.#known.has(character.codePointAt(0) ?? 0)) return character;
    const substitute = SUBSTITUTES[character];
    if (substitute !== undefined) return substitute;
    const bare = character.normalize('NFKD').replace(/\p{M}/gu, '');
    if (bare !== '' && [...bare].every((part) => this.#known.has(part.codePointAt(0) ?? 0))) return bare;
    if (/\p{M}|\p{Cf}/u.test(character)) return '';
    this.#warnings.add(
      'TEXT_NOT_ENCODABLE',
      "The PDF's fonts know Western European letters only; a question mark stands for each other one.",
    );
    return '?';
  }
}
