import type { Rule } from './content.ts';
import { apply, type Matrix } from './matrix.ts';

type Point = readonly [number, number];

/** Thicker bars are areas, not lines. */
const MAX_THICKNESS = 3;
const MIN_LENGTH = 4;
/** How far the ends of a line may differ across it. */
const SLANT = 0.7;

/** Operators of the path data that pdf.js hands over, with the number of coordinates each takes. */
const MOVE = 0;
const CLOSE = 4;
const COORDINATES = [2, 2, 6, 4, 0] as const;

/** Straight pieces of a path as rules: strokes along an axis, and thin filled bars as producers draw lines with. */
export function rulesOf(data: ArrayLike<number>, matrix: Matrix, filled: boolean): Rule[] {
  const polygons = polygonsOf(data, matrix);
  const bars = filled ? polygons.map(barOf) : [];
  const strokes = filled
    ? []
    : polygons.flatMap((points) => points.slice(1).map((point, index) => lineOf(points[index] ?? point, point)));
  return [...bars, ...strokes].filter((rule) => rule !== undefined);
}

/** The path's subpaths as lists of points in device space; curves contribute their end points. */
function polygonsOf(data: ArrayLike<number>, matrix: Matrix): Point[][] {
  const polygons: Point[][] = [];
  const numbers = Array.from(data);
  for (let at = 0; at < numbers.length;) {
    const [operator = MOVE] = numbers.slice(at, at + 1);
    const taken = COORDINATES[operator] ?? 0;
    const [x = 0, y = 0] = numbers.slice(at + taken - 1, at + taken + 1);
    if (operator === MOVE || polygons.length === 0) polygons.push([]);
    const current = polygons.at(-1) as Point[];
    if (operator !== CLOSE) current.push(apply(matrix, x, y));
    else if (current[0]) current.push(current[0]);
    at += 1 + taken;
  }
  return polygons;
}

function barOf(points: readonly Point[]): Rule | undefined {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const [width, height] = [right - left, bottom - top];
  if (height <= MAX_THICKNESS && width >= MIN_LENGTH && width > height)
    return { horizontal: true, at: (top + bottom) / 2, from: left, to: right };
  if (width <= MAX_THICKNESS && height >= MIN_LENGTH)
    return { horizontal: false, at: (left + right) / 2, from: top, to: bottom };
  return undefined;
}

function lineOf([x1, y1]: Point, [x2, y2]: Point): Rule | undefined {
  const [width, height] = [Math.abs(x2 - x1), Math.abs(y2 - y1)];
  if (height <= SLANT && width >= MIN_LENGTH)
    return { horizontal: true, at: (y1 + y2) / 2, from: Math.min(x1, x2), to: Math.max(x1, x2) };
  if (width <= SLANT && height >= MIN_LENGTH)
    return { horizontal: false, at: (x1 + x2) / 2, from: Math.min(y1, y2), to: Math.max(y1, y2) };
  return undefined;
}
