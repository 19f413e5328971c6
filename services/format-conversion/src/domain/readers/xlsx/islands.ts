import type { SheetCell } from './sheet.ts';

/** Cells that touch, corners included, with the rectangle around them. */
export interface Island {
  top: number;
  left: number;
  bottom: number;
  right: number;
  cells: SheetCell[];
}

/** Divides a sheet into its tables: what empty rows and columns keep apart. From top to bottom, left to right. */
export function islandsOf(cells: readonly SheetCell[]): Island[] {
  const byPlace = placesOf(cells);
  const seen = new Set<SheetCell>();
  const islands: Island[] = [];
  for (const cell of cells) {
    if (seen.has(cell)) continue;
    islands.push(islandFrom(cell, byPlace, seen));
  }
  return joinOverlapping(islands).sort((a, b) => a.top - b.top || a.left - b.left);
}

/** Merged cells stand at every place of their edge; a merge over whole columns would fill the map otherwise. */
function placesOf(cells: readonly SheetCell[]): Map<string, SheetCell> {
  const places = new Map<string, SheetCell>();
  for (const cell of cells) {
    for (let row = cell.row; row < cell.row + Math.min(cell.rowspan, 1_000); row += 1) {
      for (let column = cell.column; column < cell.column + Math.min(cell.colspan, 1_000); column += 1)
        places.set(`${row}/${column}`, cell);
    }
  }
  return places;
}

function islandFrom(start: SheetCell, byPlace: ReadonlyMap<string, SheetCell>, seen: Set<SheetCell>): Island {
  const island: Island = { top: start.row, left: start.column, bottom: start.row, right: start.column, cells: [] };
  const open = [start];
  seen.add(start);
  for (let cell = open.pop(); cell; cell = open.pop()) {
    island.cells.push(cell);
    island.top = Math.min(island.top, cell.row);
    island.left = Math.min(island.left, cell.column);
    island.bottom = Math.max(island.bottom, cell.row + cell.rowspan - 1);
    island.right = Math.max(island.right, cell.column + cell.colspan - 1);
    for (const key of neighbourKeys(cell)) {
      const next = byPlace.get(key);
      if (!next || seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return island;
}

function neighbourKeys({ row, column, rowspan, colspan }: SheetCell): string[] {
  const keys: string[] = [];
  const [bottom, right] = [row + Math.min(rowspan, 1_000), column + Math.min(colspan, 1_000)];
  for (let at = column - 1; at <= right; at += 1) keys.push(`${row - 1}/${at}`, `${bottom}/${at}`);
  for (let at = row; at < bottom; at += 1) keys.push(`${at}/${column - 1}`, `${at}/${right}`);
  return keys;
}

/** Rectangles of separate islands may overlap (an L around a block); they are one table then. */
function joinOverlapping(islands: readonly Island[]): Island[] {
  const joined: Island[] = [];
  for (const island of islands) {
    let current = island;
    for (
      let index = joined.findIndex((other) => overlaps(other, current));
      index >= 0;
      index = joined.findIndex((other) => overlaps(other, current))
    ) {
      const [other] = joined.splice(index, 1);
      if (other) current = merge(other, current);
    }
    joined.push(current);
  }
  return joined;
}

function overlaps(one: Island, other: Island): boolean {
  return one.top <= other.bottom && other.top <= one.bottom && one.left <= other.right && other.left <= one.right;
}

function merge(one: Island, other: Island): Island {
  return {
    top: Math.min(one.top, other.top),
    left: Math.min(one.left, other.left),
    bottom: Math.max(one.bottom, other.bottom),
    right: Math.max(one.right, other.right),
    cells: [...one.cells, ...other.cells],
  };
}
