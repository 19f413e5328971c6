import type { Cell, Table } from './block.ts';

/** A cell with the place of its top left corner in the grid. */
export interface PlacedCell {
  cell: Cell;
  row: number;
  column: number;
}

/** Gives every cell its column, the way HTML lays out tables (HTML, section 4.9.12.1): spans push later cells right. */
export function placeCells(table: Table): PlacedCell[] {
  const placed: PlacedCell[] = [];
  /** For each column the first row that is free again. */
  const freeFrom: number[] = [];
  table.rows.forEach(({ cells }, row) => {
    let column = 0;
    for (const cell of cells) {
      while ((freeFrom[column] ?? 0) > row) column += 1;
      placed.push({ cell, row, column });
      for (let covered = column; covered < column + cell.colspan; covered += 1) freeFrom[covered] = row + cell.rowspan;
      column += cell.colspan;
    }
  });
  return placed;
}

/** One place of the grid: which cell covers it, and whether the cell begins here. */
export interface GridPlace {
  cell: Cell;
  origin: boolean;
}

/** The table as a rectangle; places that no cell covers are undefined. */
export function tableGrid(table: Table): (GridPlace | undefined)[][] {
  const placed = placeCells(table);
  const width = placed.reduce((most, { cell, column }) => Math.max(most, column + cell.colspan), 0);
  const grid = table.rows.map(() => new Array<GridPlace | undefined>(width).fill(undefined));
  for (const { cell, row, column } of placed) {
    grid.slice(row, row + cell.rowspan).forEach((line, down) => {
      for (let right = 0; right < cell.colspan; right += 1) {
        line[column + right] = { cell, origin: down === 0 && right === 0 };
      }
    });
  }
  return grid;
}

/** Whether any cell covers more than one place. */
export function hasSpans(table: Table): boolean {
  return table.rows.some(({ cells }) => cells.some((cell) => cell.colspan > 1 || cell.rowspan > 1));
}
