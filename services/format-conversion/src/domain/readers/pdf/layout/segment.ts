import type { LinkTarget } from '../../../document/runs.ts';
import type { Box, Face, Glyph } from '../page/content.ts';

/** Text of one face within a segment. */
export interface TextRun {
  text: string;
  face: Face;
  size: number;
  position?: 'superscript' | 'subscript';
  link?: LinkTarget;
}

/** Text on one baseline without a wide gap: a line of a column, or the part of it in one table cell. */
export interface Segment extends Box {
  kind: 'text';
  baseline: number;
  /** Size of most of its characters. */
  size: number;
  runs: TextRun[];
  text: string;
  /** Reads from right to left. */
  rightToLeft: boolean;
}

/** Parts of the size that letters reach above and below the baseline, for faces on average. */
const ASCENT = 0.75;
const DESCENT = 0.22;

export function glyphTop(glyph: Glyph): number {
  return glyph.baseline - glyph.size * ASCENT;
}

export function glyphBottom(glyph: Glyph): number {
  return glyph.baseline + glyph.size * DESCENT;
}
