import type { Box, Rule } from '../page/content.ts';
import { TOLERANCE } from './merge-rules.ts';

/** A cell of a ruled grid: the places that no line divides. */
export interface GridCell extends Box {
  row: number;
  column: number;
  rowspan: number;
  colspan: number;
}

export interface RuledGrid {
  box: Box;
  rows: number;
  columns: number;
  cells: GridCell[];
}

/** A line must run along this part of a place's side to close it. */
const CLOSED = 0.6;

/** The grid that a group of touching lines draws; the outermost sides are closed also where they are not drawn. */
export function ruledGrid(rules: readonly Rule[]): RuledGrid | undefined {
  const [across, down] = [rules.filter((rule) => rule.horizontal), rules.filter((rule) => !rule.horizontal)];
  if (across.length < 2 || down.length === 0) return undefined;
  const xs = positions([...down.map((rule) => rule.at), ...across.flatMap((rule) => [rule.from, rule.to])], down);
  const ys = positions([...across.map((rule) => rule.at), ...down.flatMap((rule) => [rule.from, rule.to])], across);
  const [columns, rows] = [xs.length - 1, ys.length - 1];
  if (columns < 2 || rows < 2) return undefined;
  const places = openPlaces({ xs, ys, across, down });
  const groups = places.groups();
  // Lines that end inside a cell leave no table behind.
  const area = groups.reduce((sum, [top, left, bottom, right]) => sum + (bottom - top + 1) * (right - left + 1), 0);
  if (area > rows * columns) return undefined;
  const cells = groups.map(([top, left, bottom, right]) => ({
    row: top,
    column: left,
    rowspan: bottom - top + 1,
    colspan: right - left + 1,
    left: at(xs, left),
    right: at(xs, right + 1),
    top: at(ys, top),
    bottom: at(ys, bottom + 1),
  }));
  return {
    box: { left: at(xs, 0), right: at(xs, columns), top: at(ys, 0), bottom: at(ys, rows) },
    rows,
    columns,
    cells,
  };
}

interface Lines {
  xs: readonly number[];
  ys: readonly number[];
  across: readonly Rule[];
  down: readonly Rule[];
}

/** Joins neighbouring places that no line divides. */
function openPlaces({ xs, ys, across, down }: Lines): PlaceUnion {
  const [rows, columns] = [ys.length - 1, xs.length - 1];
  const places = new PlaceUnion(rows, columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [left, right, top, bottom] = [at(xs, column), at(xs, column + 1), at(ys, row), at(ys, row + 1)];
      if (column + 1 < columns && !isClosed(down, right, top, bottom)) places.join(row, column, row, column + 1);
      if (row + 1 < rows && !isClosed(across, bottom, left, right)) places.join(row, column, row + 1, column);
    }
  }
  return places;
}

/** Distinct positions: those of lines, and the outermost ends. */
function positions(all: readonly number[], lines: readonly Rule[]): number[] {
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const distinct: number[] = [];
  for (const value of [least, ...lines.map((line) => line.at), most].sort((a, b) => a - b)) {
    const last = distinct.at(-1);
    if (last === undefined || value - last > TOLERANCE) distinct.push(value);
  }
  return distinct;
}

function isClosed(lines: readonly Rule[], position: number, from: number, to: number): boolean {
  const covered = lines
    .filter((line) => Math.abs(line.at - position) <= TOLERANCE)
    .reduce((sum, line) => sum + Math.max(0, Math.min(line.to, to) - Math.max(line.from, from)), 0);
  return covered >= CLOSED * (to - from);
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}

/** Places of a grid that belong together, as rectangles. */
class PlaceUnion {
  readonly #columns: number;
  readonly #parent: number[];

  constructor(rows: number, columns: number) {
    this.#columns = columns;
    this.#parent = Array.from({ length: rows * columns }, (_, index) => index);
  }

  join(row1: number, column1: number, row2: number, column2: number): void {
    this.#parent[this.#root(row1 * this.#columns + column1)] = this.#root(row2 * this.#columns + column2);
  }

  #root(index: number): number {
    let root = index;
    while (this.#parent[root] !== root) root = this.#parent[root] ?? root;
    return root;
  }

  /** `[top, left, bottom, right]` of every group; one that is not a rectangle counts as its hull. */
  groups(): [number, number, number, number][] {
    const hulls = new Map<number, [number, number, number, number]>();
    this.#parent.forEach((_, index) => {
      const [row, column] = [Math.floor(index / this.#columns), index % this.#columns];
      const hull = hulls.get(this.#root(index)) ?? [row, column, row, column];
      hulls.set(this.#root(index), [
        Math.min(hull[0], row),
        Math.min(hull[1], column),
        Math.max(hull[2], row),
        Math.max(hull[3], column),
      ]);
    });
    return [...hulls.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  }
}
