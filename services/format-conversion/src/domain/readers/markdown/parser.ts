import MarkdownIt from 'markdown-it';
import footnote from 'markdown-it-footnote';
import { math } from './math.ts';

// The published types of the plugin name the CommonJS build of markdown-it, those of the parser the ESM one.
const footnotes = footnote as unknown as (parser: MarkdownIt) => void;

/**
 * A parser for CommonMark 0.31.2 alone, or with the tables, strikethrough and autolinks of GitHub Flavored
 * Markdown 0.29 plus footnotes and dollar math. Task items are recognised on the tree (see lists.ts).
 */
export function markdownParser(dialect: 'gfm' | 'commonmark', maxNesting: number): MarkdownIt {
  // Deeper containers than this are read as text. The published types do not list the setting.
  const settings = { html: true, maxNesting };
  const parser = new MarkdownIt('commonmark', settings);
  if (dialect === 'commonmark') return parser;
  return parser.enable(['table', 'strikethrough', 'linkify']).set({ linkify: true }).use(math).use(footnotes);
}
