import { cell, paragraph, type Block, type Cell } from '../../document/block.ts';
import { ListBuilder } from '../../document/list-builder.ts';
import { nestRuns, type Run } from '../../document/runs.ts';
import type { ParagraphState } from './state.ts';

const NUMBER = /^\(?(\d{1,4})[.)]?$/;

/** Builds blocks from finished paragraphs, cells and rows. */
export class BlockBuilder {
  readonly blocks: Block[] = [];
  #lists = new ListBuilder(this.blocks);
  #cells: Cell[] = [];
  #cellBlocks: Block[] = [];
  #rows: { cells: Cell[] }[] = [];

  /** Ends a paragraph of the given properties. `headingLevel` is that of its style, if any. */
  paragraph(runs: readonly Run[], state: ParagraphState, headingLevel: number | undefined): void {
    const children = nestRuns(runs);
    const empty = children.every((inline) => inline.type === 'text' && inline.text.trim() === '');
    if (state.inTable) {
      if (!empty) this.#cellBlocks.push(paragraph(children));
      return;
    }
    this.#endTable();
    if (empty) return;
    if (state.marker !== '') {
      this.#listItem(paragraph(children), state);
      return;
    }
    this.#lists = new ListBuilder(this.blocks);
    this.blocks.push(
      headingLevel === undefined ? paragraph(children) : { type: 'heading', level: headingLevel, children },
    );
  }

  cell(): void {
    this.#cells.push(cell(this.#cellBlocks));
    this.#cellBlocks = [];
  }

  row(): void {
    if (this.#cells.length > 0) this.#rows.push({ cells: this.#cells });
    this.#cells = [];
  }

  finish(): Block[] {
    this.#endTable();
    return this.blocks;
  }

  #listItem(block: Block, { marker, listLevel }: ParagraphState): void {
    const number = NUMBER.exec(marker.trim())?.[1];
    const ordered = number !== undefined;
    this.#lists.add({ level: listLevel, ordered, style: 'decimal', number: Number(number ?? 1), blocks: [block] });
  }

  #endTable(): void {
    this.row();
    if (this.#rows.length === 0) return;
    const [first] = this.#rows;
    for (const own of first?.cells ?? []) own.header = true;
    this.blocks.push({ type: 'table', caption: [], alignments: [], headerRows: 1, rows: this.#rows });
    this.#rows = [];
    this.#lists = new ListBuilder(this.blocks);
  }
}
