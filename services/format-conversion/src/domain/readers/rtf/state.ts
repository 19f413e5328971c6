import type { Mark } from '../../document/inline.ts';

/** Where text goes: into the document, into something that is collected apart, or nowhere. */
export type Destination =
  | 'body'
  | 'skip'
  | 'fonts'
  | 'styles'
  | 'info'
  | 'title'
  | 'author'
  | 'instruction'
  | 'marker'
  | 'picture'
  | 'footnote';

/** Properties of a group; a closing brace brings back those before it. */
export interface State {
  destination: Destination;
  marks: readonly Mark[];
  hidden: boolean;
  /** Code page of `\'hh` characters. */
  codePage: number;
  /** Characters that follow `\u` for readers that do not know it. */
  fallbackLength: number;
  /** Target of the field whose result is being read. */
  url: string | undefined;
}

/** Properties of the paragraph being read; `\pard` clears them. */
export interface ParagraphState {
  style: number | undefined;
  outlineLevel: number | undefined;
  listLevel: number;
  /** The bullet or number before a list paragraph, as the writer left it. */
  marker: string;
  inTable: boolean;
}

export const initialState: State = {
  destination: 'body',
  marks: [],
  hidden: false,
  codePage: 1252,
  fallbackLength: 1,
  url: undefined,
};

export function initialParagraph(): ParagraphState {
  return { style: undefined, outlineLevel: undefined, listLevel: 0, marker: '', inTable: false };
}

/** Destinations by their control word. Those that are not listed are skipped when a star announces them. */
export const DESTINATIONS: Readonly<Record<string, Destination | undefined>> = {
  fonttbl: 'fonts',
  stylesheet: 'styles',
  info: 'info',
  title: 'title',
  author: 'author',
  fldinst: 'instruction',
  listtext: 'marker',
  pntext: 'marker',
  pict: 'picture',
  footnote: 'footnote',
  colortbl: 'skip',
  header: 'skip',
  headerl: 'skip',
  headerr: 'skip',
  headerf: 'skip',
  footer: 'skip',
  footerl: 'skip',
  footerr: 'skip',
  footerf: 'skip',
  object: 'skip',
  nonshppict: 'skip',
  listtable: 'skip',
  revtbl: 'skip',
  xe: 'skip',
  tc: 'skip',
};
