import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';

export interface OutlineHeading {
  level: number;
  text: string;
}

/** What a piece of Markdown says, taken apart for scoring. Independent of the product's own reader. */
export interface MarkdownFacts {
  /** Words in reading order with single spaces; comments (places of images) and markup are gone. */
  text: string;
  headings: OutlineHeading[];
  /** Tables as rows of cell texts. */
  tables: string[][][];
}

const parser = new MarkdownIt('commonmark').enable(['table', 'strikethrough']);

export function markdownFacts(markdown: string): MarkdownFacts {
  const facts: MarkdownFacts = { text: '', headings: [], tables: [] };
  const texts: string[] = [];
  let opening: Token | undefined;
  for (const token of parser.parse(markdown, {})) {
    const text = squeeze(contentOf(token));
    if (text !== '') texts.push(text);
    if (token.type === 'table_open') facts.tables.push([]);
    if (token.type === 'tr_open') facts.tables.at(-1)?.push([]);
    if (token.type === 'inline' && opening) record(facts, opening, text);
    opening = token;
  }
  facts.text = texts.join(' ');
  return facts;
}

/** Notes a heading or a cell, by the token that opened it. */
function record({ headings, tables }: MarkdownFacts, { type, tag }: Token, text: string): void {
  if (type === 'heading_open') headings.push({ level: Number(tag.slice(1)), text });
  if (type === 'td_open' || type === 'th_open') tables.at(-1)?.at(-1)?.push(text);
}

function contentOf(token: Token): string {
  switch (token.type) {
    case 'inline':
      return (token.children ?? []).map(inlineContent).join('');
    case 'fence':
    case 'code_block':
      return token.content;
    case 'html_block':
      return withoutTags(token.content);
    default:
      return '';
  }
}

function inlineContent(token: Token): string {
  switch (token.type) {
    case 'softbreak':
    case 'hardbreak':
      return ' ';
    case 'html_inline':
      return /^<br/i.test(token.content) ? ' ' : '';
    case 'image':
      return (token.children ?? []).map(inlineContent).join('');
    default:
      return token.content;
  }
}

function withoutTags(html: string): string {
  return html.replace(/<!--[\s\S]*?-->/g, ' ').replace(/<[^>]+>/g, ' ');
}

function squeeze(text: string): string {
  return text.replace(/[\s\u00a0\u200b]+/g, ' ').trim();
}
