/** What the caller may choose; every field has a default, so `{}` is a complete set. */
export interface Options {
  /** Markdown as the CommonMark specification has it, or with GitHub's tables, strikes, task items, footnotes and math. */
  dialect: 'gfm' | 'commonmark';
  /** Images in Markdown and text: a comment in their place, data URIs, or nothing. Other targets embed them. */
  images: 'placeholder' | 'embed' | 'omit';
  /** Targets without spans repeat the spanning cell's text in every place it covers, or leave those blank. */
  spans: 'repeat' | 'blank';
  /** What stands between the paragraphs of one Markdown table cell. */
  cellBreaks: 'space' | 'br';
  /** HTML as a whole page with head and style, or as a fragment. */
  standalone: boolean;
  /** Pages of a PDF, slides or sheets to read, as `1-3,7`; empty means all. */
  pages: string;
  /** Field separator of a CSV source; empty means: find out. */
  delimiter: string;
  /** Character encoding of a text source (an IANA name); empty means: find out. */
  encoding: string;
  /** Which table of the document a CSV target takes, from 1. */
  table: number;
  pageSize: 'a4' | 'letter';
  /** Address that relative links of an HTML source are resolved against; empty leaves them as they are. */
  baseUrl: string;
}

export const defaultOptions: Options = {
  dialect: 'gfm',
  images: 'placeholder',
  spans: 'repeat',
  cellBreaks: 'space',
  standalone: false,
  pages: '',
  delimiter: '',
  encoding: '',
  table: 1,
  pageSize: 'a4',
  baseUrl: '',
};
