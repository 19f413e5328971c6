import { tooLarge } from '../../conversion-error.ts';
import type { Alignment, Block, Cell } from '../../document/block.ts';
import { child, elements, type XmlElement } from '../../xml/element.ts';
import type { Story } from './story.ts';
import { isOn } from './styles.ts';

/** A table (ECMA-376 part 1, section 17.4). One of a single cell is a frame: its content stands by itself. */
export function readTable(table: XmlElement, story: Story): Block[] {
  const rowElements = wrapped(table, 'w:tr').filter((row) => !child(row, 'w:trPr', 'w:del'));
  const rows = new RowReader(story).read(rowElements);
  const cells = rows.flatMap((row) => row.cells);
  if (cells.length === 0) return [];
  if (cells.length === 1) return cells[0]?.children ?? [];
  const repeated = rowElements.findIndex((row) => !isOn(child(row, 'w:trPr', 'w:tblHeader')));
  const styled = child(table, 'w:tblPr', 'w:tblLook')?.attributes['w:firstRow'] !== '0';
  const headerRows = repeated > 0 ? repeated : styled && rows.length > 1 ? 1 : 0;
  rows.slice(0, headerRows).forEach((row) => row.cells.forEach((cell) => Object.assign(cell, { header: true })));
  return [{ type: 'table', caption: [], rows, headerRows, alignments: alignmentsOf(rowElements.at(-1)) }];
}

/** Columns are aligned as their last cell is: headings are often centred whatever stands below them. */
function alignmentsOf(row: XmlElement | undefined): Alignment[] {
  const cells = row ? wrapped(row, 'w:tc') : [];
  const alignments = cells.map(
    (cell) => ALIGNMENTS[child(cell, 'w:p', 'w:pPr', 'w:jc')?.attributes['w:val'] ?? ''] ?? 'none',
  );
  return alignments.some((alignment) => alignment !== 'none') ? alignments : [];
}

const ALIGNMENTS: Readonly<Record<string, Alignment>> = {
  left: 'left',
  start: 'left',
  center: 'center',
  right: 'right',
  end: 'right',
};

/** Rows or cells, also where content controls or custom XML stand around them. */
function wrapped(parent: XmlElement | undefined, name: string): XmlElement[] {
  return elements(parent).flatMap((element) => {
    if (element.name === name) return [element];
    if (element.name === 'w:sdt') return wrapped(child(element, 'w:sdtContent'), name);
    return element.name === 'w:customXml' || element.name === 'w:ins' ? wrapped(element, name) : [];
  });
}

class RowReader {
  readonly #story: Story;
  /** The cell that a vertical merge in this column would continue. */
  readonly #above = new Map<number, Cell>();
  #count = 0;

  constructor(story: Story) {
    this.#story = story;
  }

  read(rows: readonly XmlElement[]): { cells: Cell[] }[] {
    return rows.map((row) => ({ cells: this.#readRow(row) }));
  }

  #readRow(row: XmlElement): Cell[] {
    const cells: Cell[] = [];
    const skipped = Number(child(row, 'w:trPr', 'w:gridBefore')?.attributes['w:val'] ?? 0);
    let column = 0;
    for (; column < Math.min(skipped, 64); column += 1)
      this.#place(cells, column, { children: [], colspan: 1, rowspan: 1, header: false });
    for (const element of wrapped(row, 'w:tc')) {
      const properties = child(element, 'w:tcPr');
      const colspan = Math.min(Math.max(Number(child(properties, 'w:gridSpan')?.attributes['w:val'] ?? 1), 1), 1_000);
      const merge = child(properties, 'w:vMerge');
      const above = merge && merge.attributes['w:val'] !== 'restart' ? this.#above.get(column) : undefined;
      if (above) above.rowspan += 1;
      else
        this.#place(cells, column, {
          children: this.#story.readBody(element, this.#story),
          colspan,
          rowspan: 1,
          header: false,
        });
      column += colspan;
    }
    return cells;
  }

  #place(cells: Cell[], column: number, cell: Cell): void {
    const { cells: limit } = this.#story.context.limits;
    this.#count += cell.colspan;
    if (this.#count > limit) throw tooLarge(`The tables have more than ${limit} cells.`);
    this.#above.set(column, cell);
    cells.push(cell);
  }
}
