import type { Box, PageContent } from '../page/content.ts';
import { foldAlignedTables } from '../tables/aligned.ts';
import type { PlacedTable } from '../tables/placed-table.ts';
import { takeRuledTables } from '../tables/ruled.ts';
import { height, width } from './box.ts';
import { linesOf, type Line } from './line.ts';
import { readsRightToLeft } from './reading-direction.ts';
import { regionsOf } from './regions.ts';
import type { Segment } from './segment.ts';
import { segmentsOf } from './segments.ts';

export interface PlacedImage extends Box {
  kind: 'image';
}

export type FlowElement = Line | PlacedTable | PlacedImage;

/** A page in reading order: columns, and in each its lines, tables and pictures from top to bottom. */
export interface PageFlow {
  number: number;
  width: number;
  height: number;
  regions: FlowElement[][];
}

/** Smaller pictures are ornaments; one that covers the page is its background or a scan. */
const MIN_IMAGE = 24;
const BACKGROUND = 0.8;

export function layOutPage(content: PageContent, number: number): PageFlow {
  const { tables, rest } = takeRuledTables(content);
  const segments = segmentsOf(rest);
  const rightToLeft = readsRightToLeft(segments.map(({ text }) => text).join(''));
  const items = [...segments, ...tables, ...images(content)];
  const regions = regionsOf<Segment | PlacedTable | PlacedImage>(items, rightToLeft).map((region) => {
    const text = region.filter((item) => item.kind === 'text');
    const blocks = region.filter((item) => item.kind !== 'text');
    const elements: FlowElement[] = [...foldAlignedTables(linesOf(text)), ...blocks];
    return elements.sort((a, b) => a.top - b.top);
  });
  return { number, width: content.width, height: content.height, regions };
}

function images(content: PageContent): PlacedImage[] {
  const area = content.width * content.height;
  return content.images
    .filter(
      (box) => width(box) >= MIN_IMAGE && height(box) >= MIN_IMAGE && width(box) * height(box) < BACKGROUND * area,
    )
    .map((box) => ({ kind: 'image', ...box }));
}
