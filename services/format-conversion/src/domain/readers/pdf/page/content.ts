import type { LinkTarget } from '../../../document/runs.ts';

/** What a face is used for, as far as its name and descriptor tell. */
export interface Face {
  name: string;
  bold: boolean;
  italic: boolean;
  monospaced: boolean;
  /** A face of mathematical symbols. */
  math: boolean;
}

/** One shown glyph. Coordinates are points from the top left corner of the upright page; y grows downwards. */
export interface Glyph {
  /** Usually one character; a ligature may stand for several. Space glyphs are not listed. */
  text: string;
  left: number;
  right: number;
  baseline: number;
  size: number;
  face: Face;
  /** A space glyph stood before this one. */
  spaced: boolean;
  /** Where a link annotation over the glyph leads; glyphs of one link share the object. */
  link?: LinkTarget;
}

/** A thin horizontal or vertical line. */
export interface Rule {
  horizontal: boolean;
  /** Position across: y of a horizontal rule, x of a vertical one. */
  at: number;
  from: number;
  to: number;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface PageContent {
  width: number;
  height: number;
  glyphs: Glyph[];
  rules: Rule[];
  images: Box[];
  /** Glyphs that run up or down the page. */
  rotated: number;
  /** Glyphs without a known character. */
  unmapped: number;
}
