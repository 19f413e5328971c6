import type { LinkTarget } from '../../../document/runs.ts';
import { contains } from '../layout/box.ts';
import type { Box, Glyph } from './content.ts';
import { apply, matrixOf, type Matrix } from './matrix.ts';

/** The part of pdf.js's annotation objects that links have. */
export interface Annotation {
  subtype?: string;
  url?: string;
  rect?: ArrayLike<number>;
}

/** Marks the glyphs under link annotations (ISO 32000-2, section 12.5.6.5); only links to the outside are kept. */
export function markLinks(glyphs: readonly Glyph[], annotations: readonly Annotation[], base: Matrix): void {
  const targets = new Map<string, LinkTarget>();
  for (const { subtype, url, rect } of annotations) {
    if (subtype !== 'Link' || !url || !rect) continue;
    const target = targets.get(url) ?? { url };
    targets.set(url, target);
    const area = areaOf(rect, base);
    for (const glyph of glyphs) {
      if (contains(area, (glyph.left + glyph.right) / 2, glyph.baseline - glyph.size * 0.3)) glyph.link = target;
    }
  }
}

function areaOf(rect: ArrayLike<number>, base: Matrix): Box {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = Array.from(rect);
  const [one, other] = [apply(matrixOf(base), x1, y1), apply(matrixOf(base), x2, y2)];
  return {
    left: Math.min(one[0], other[0]),
    right: Math.max(one[0], other[0]),
    top: Math.min(one[1], other[1]),
    bottom: Math.max(one[1], other[1]),
  };
}
