import type { Inline } from './inline.ts';

/** Where in the source a block came from; pages, slides and sheets count from 1. */
export interface Origin {
  page?: number;
}

export interface Heading {
  type: 'heading';
  /** 1 (most important) to 6. */
  level: number;
  children: Inline[];
}

export interface Paragraph {
  type: 'paragraph';
  children: Inline[];
}

export interface ListItem {
  children: Block[];
  /** Present on task items only. */
  checked?: boolean;
  /** The number as the author sees it, when `start` and the position do not express it (`1.1.`, `§ 3`). */
  label?: string;
}

/** Numbering styles that HTML, OOXML and EPUB share; Markdown knows only the decimal one. */
export type NumberStyle = 'decimal' | 'lower-alpha' | 'upper-alpha' | 'lower-roman' | 'upper-roman';

export interface List {
  type: 'list';
  ordered: boolean;
  /** Number of the first item of an ordered list. */
  start: number;
  style: NumberStyle;
  /** Tight lists have no paragraph spacing between items (CommonMark 0.31.2, section 5.3). */
  tight: boolean;
  items: ListItem[];
}

export interface Cell {
  children: Block[];
  colspan: number;
  rowspan: number;
  header: boolean;
}

export type Alignment = 'left' | 'center' | 'right' | 'none';

export interface Table {
  type: 'table';
  caption: Inline[];
  /** Rows list the cells that begin in them; spans cover the rest, as in HTML. */
  rows: { cells: Cell[] }[];
  /** How many rows at the top are headers. */
  headerRows: number;
  /** One entry a column; may be shorter than the table is wide. */
  alignments: Alignment[];
}

export interface Code {
  type: 'code';
  /** Every line with its line end, so that a block of one empty line differs from an empty block. */
  text: string;
  /** The info string of a fence, or empty. */
  language: string;
}

/** A block of content. `Document` holds a list of them; containers nest them. */
export type Block = (
  | Heading
  | Paragraph
  | List
  | Table
  | Code
  | { type: 'quote'; children: Block[] }
  | { type: 'rule' }
  | { type: 'math'; tex: string }
  | { type: 'raw-html'; html: string }
) & { origin?: Origin };

export function paragraph(children: Inline[]): Paragraph {
  return { type: 'paragraph', children };
}

/** A cell that spans one column and one row. */
export function cell(children: Block[], header = false): Cell {
  return { children, colspan: 1, rowspan: 1, header };
}
