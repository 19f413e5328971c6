import type { Box } from '../page/content.ts';
import { height, median, overlap, union, width } from './box.ts';

/** Something that takes part in the reading order: a segment of text, or a block that stands as a whole. */
export interface Item extends Box {
  kind: string;
  /** Size of the text; blocks have none. */
  size?: number;
}

/** Columns are apart by at least this part of the text size. */
const MIN_GUTTER = 0.7;
/** A column must have this many rows of text to be one, and take up this part of the width. */
const MIN_ROWS = 3;
const MIN_SHARE = 0.12;
/** Depth of nested column structure that pages have in practice. */
const MAX_DEPTH = 6;

/**
 * Orders the items of a page into columns, each to be read from top to bottom. A vertical gutter counts where
 * full lines of text stand on both sides of it; what lies across a gutter divides the page above and below.
 */
export function regionsOf<T extends Item>(items: readonly T[], rightToLeft: boolean, depth = 0): T[][] {
  if (items.length === 0) return [];
  const gutter = depth < MAX_DEPTH ? bestGutter(items) : undefined;
  if (gutter === undefined) return [[...items]];
  return bandsAt(items, gutter).flatMap((band) => {
    if (!isColumnar(band)) return regionsOf(band.all, rightToLeft, depth + 1);
    const sides = rightToLeft ? [band.right, band.left] : [band.left, band.right];
    return sides.flatMap((side) => regionsOf(side, rightToLeft, depth + 1));
  });
}

interface Band<T> {
  all: T[];
  left: T[];
  right: T[];
  /** Whether an item lies across the gutter. */
  crossed: boolean;
}

function bestGutter<T extends Item>(items: readonly T[]): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (const x of gutterCandidates(items)) {
    const score = bandsAt(items, x)
      .filter(isColumnar)
      .reduce((sum, band) => sum + Math.min(rowsHeight(band.left), rowsHeight(band.right)), 0);
    if (score > most) [best, most] = [x, score];
  }
  return best;
}

/** Middles of the gaps between an item and the next one to its right beside it. */
function gutterCandidates(items: readonly Item[]): number[] {
  const seen = new Set<number>();
  const sorted = [...items].sort((a, b) => a.left - b.left);
  for (const item of items) {
    const next = sorted.find(
      (other) => other.left >= item.right && overlap(other.top, other.bottom, item.top, item.bottom) > 0,
    );
    if (next) seen.add(Math.round((item.right + next.left) / 8) * 4);
  }
  return [...seen];
}

/** Divides the items at a vertical line into bands between those that lie across it. */
function bandsAt<T extends Item>(items: readonly T[], x: number): Band<T>[] {
  const bands: Band<T>[] = [];
  for (const item of [...items].sort((a, b) => a.top - b.top)) {
    const crossed = item.left < x - 1 && item.right > x + 1;
    let band = bands.at(-1);
    if (!band || band.crossed !== crossed) {
      band = { all: [], left: [], right: [], crossed };
      bands.push(band);
    }
    band.all.push(item);
    if (!crossed) (item.right <= x + 1 ? band.left : band.right).push(item);
  }
  return bands;
}

function isColumnar<T extends Item>({ left, right, crossed }: Band<T>): boolean {
  if (crossed || left.length === 0 || right.length === 0) return false;
  const [one, other] = [union(left), union(right)];
  const total = other.right - one.left;
  const size = median([...left, ...right].map((item) => item.size ?? 0)) || 10;
  if (other.left - one.right < MIN_GUTTER * size) return false;
  if (overlap(one.top, one.bottom, other.top, other.bottom) < size) return false;
  return [left, right].every((side) => isColumn(side, total));
}

/** Text of several rows most of which fill the width, or a block that does. */
function isColumn(side: readonly Item[], total: number): boolean {
  const box = union(side);
  if (width(box) < MIN_SHARE * total) return false;
  const rows = rowsOf(side);
  const full = rows.filter(
    (row) =>
      width(union(row)) > 0.6 * width(box) &&
      row.every((item) => item.kind !== 'text' || width(item) > 0.25 * width(box)),
  );
  const blocks = side.some((item) => item.kind !== 'text' && width(item) > 0.5 * width(box));
  if (blocks && rows.length <= MIN_ROWS) return true;
  return rows.length >= MIN_ROWS && full.length >= Math.max(2, 0.45 * rows.length);
}

function rowsOf<T extends Item>(items: readonly T[]): T[][] {
  const rows: T[][] = [];
  let bottom = -Infinity;
  for (const item of [...items].sort((a, b) => a.top - b.top)) {
    if (item.top < bottom - 0.5 * height(item)) rows.at(-1)?.push(item);
    else rows.push([item]);
    bottom = Math.max(item.bottom, item.top < bottom - 0.5 * height(item) ? bottom : -Infinity);
  }
  return rows;
}

function rowsHeight(items: readonly Item[]): number {
  return rowsOf(items).reduce((sum, row) => sum + height(union(row)), 0);
}
