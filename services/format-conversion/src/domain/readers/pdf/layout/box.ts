import type { Box } from '../page/content.ts';

export function width(box: Box): number {
  return box.right - box.left;
}

export function height(box: Box): number {
  return box.bottom - box.top;
}

/** The smallest box around all. */
export function union(boxes: readonly Box[]): Box {
  return {
    left: Math.min(...boxes.map((box) => box.left)),
    top: Math.min(...boxes.map((box) => box.top)),
    right: Math.max(...boxes.map((box) => box.right)),
    bottom: Math.max(...boxes.map((box) => box.bottom)),
  };
}

/** Length that two intervals share; negative is the gap between them. */
export function overlap(from1: number, to1: number, from2: number, to2: number): number {
  return Math.min(to1, to2) - Math.max(from1, from2);
}

/** Share of the lower box's height that lies beside the other. */
export function verticalOverlap(one: Box, other: Box): number {
  return overlap(one.top, one.bottom, other.top, other.bottom) / Math.max(Math.min(height(one), height(other)), 0.1);
}

export function contains(box: Box, x: number, y: number): boolean {
  return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
