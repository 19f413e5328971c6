import { tooLarge } from '../../conversion-error.ts';
import { cell, paragraph, type Block, type Cell } from '../../document/block.ts';
import type { Inline } from '../../document/inline.ts';
import type { Limits } from '../../limits.ts';
import type { Island } from './islands.ts';
import type { SheetCell } from './sheet.ts';

/** An island as a table; one of a single cell is a paragraph. */
export function blockOf(island: Island, limits: Limits): Block {
  const [only, second] = island.cells;
  if (only && !second) return paragraph(content(only));
  const [rows, columns] = [island.bottom - island.top + 1, island.right - island.left + 1];
  if (rows * columns > limits.cells) throw tooLarge(`A table covers more than ${limits.cells} cells.`);
  const byPlace = new Map(island.cells.map((own) => [`${own.row}/${own.column}`, own]));
  const covered = coveredPlaces(island);
  return {
    type: 'table',
    caption: [],
    alignments: [],
    headerRows: 1,
    rows: Array.from({ length: rows }, (_, row) => ({
      cells: Array.from({ length: columns }, (_unused, column) => `${island.top + row}/${island.left + column}`)
        .filter((key) => !covered.has(key))
        .map((key) => cellOf(byPlace.get(key), row === 0)),
    })),
  };
}

function cellOf(own: SheetCell | undefined, header: boolean): Cell {
  if (!own) return cell([], header);
  const children = own.text === '' ? [] : [paragraph(content(own))];
  return { children, header, rowspan: own.rowspan, colspan: own.colspan };
}

function content({ text, url }: SheetCell): Inline[] {
  const lines = text
    .split(/\r?\n/)
    .flatMap<Inline>((line, index) => [
      ...(index > 0 ? [{ type: 'break' as const }] : []),
      { type: 'text', text: line },
    ]);
  return url === undefined ? lines : [{ type: 'link', url, children: lines }];
}

/** Places under a merged cell other than its own. */
function coveredPlaces({ cells }: Island): Set<string> {
  return new Set(cells.filter(({ rowspan, colspan }) => rowspan * colspan > 1).flatMap(coveredBy));
}

function coveredBy({ row, column, rowspan, colspan }: SheetCell): string[] {
  const places = Array.from(
    { length: rowspan * colspan },
    (_, index) => [Math.floor(index / colspan), index % colspan] as const,
  );
  return places.slice(1).map(([down, right]) => `${row + down}/${column + right}`);
}
