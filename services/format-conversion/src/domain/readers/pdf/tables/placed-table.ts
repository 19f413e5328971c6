import type { Line } from '../layout/line.ts';
import type { Box } from '../page/content.ts';

export interface PlacedCell {
  lines: Line[];
  colspan: number;
  rowspan: number;
}

/** A table found on a page. */
export interface PlacedTable extends Box {
  kind: 'table';
  /** Rows list the cells that begin in them. */
  rows: PlacedCell[][];
}
