import type { Face } from './content.ts';
import { IDENTITY, multiply, translate, type Matrix } from './matrix.ts';

/** The text state parameters of ISO 32000-2, section 9.3; saved and restored with the graphics state. */
export interface TextState {
  face: Face;
  size: number;
  /** Glyph space to text space, 0.001 for all but Type 3 fonts. */
  scale: number;
  characterSpacing: number;
  wordSpacing: number;
  /** 1 is normal width. */
  stretch: number;
  leading: number;
  rise: number;
}

export const initialTextState: TextState = {
  face: { name: '', bold: false, italic: false, monospaced: false, math: false },
  size: 1,
  scale: 0.001,
  characterSpacing: 0,
  wordSpacing: 0,
  stretch: 1,
  leading: 0,
  rise: 0,
};

/** The matrices of a text object (section 9.4.1): where the line began, and where the next glyph goes. */
export class TextPosition {
  #line: Matrix = IDENTITY;
  #current: Matrix = IDENTITY;

  begin(matrix: Matrix = IDENTITY): void {
    this.#line = matrix;
    this.#current = matrix;
  }

  /** `Td`: the next line, offset from the beginning of this one. */
  moveLine(x: number, y: number): void {
    this.begin(translate(this.#line, x, y));
  }

  /** Advances along the line; the distance is in text space, already stretched. */
  advance(distance: number): void {
    this.#current = translate(this.#current, distance, 0);
  }

  /** Glyph outlines of the text state's size to device space. */
  rendering({ size, stretch, rise }: TextState, device: Matrix): Matrix {
    return multiply(device, multiply(this.#current, [size * stretch, 0, 0, size, 0, rise]));
  }
}
