import MarkdownIt from 'markdown-it';
import type { Block } from './block.ts';

/** Texts in which line ends are one character and that PostgreSQL can keep. Everything is cut from what this returns. */
export function normalizeText(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', '\uFFFD')
    .toWellFormed();
}

/** Only blocks are wanted: what stands inside of a line stays as it is. */
const markdown = new MarkdownIt('default', { html: true });
markdown.core.ruler.enableOnly(['normalize', 'block']);

type Token = ReturnType<typeof markdown.parse>[number];

/** The blocks of a Markdown text (CommonMark with tables), in order. */
export function markdownBlocks(text: string): Block[] {
  const lines = lineStarts(text);
  const tokens = markdown.parse(text, {});
  return tokens.flatMap((token, i): Block[] => {
    const range = token.map && trimmed(text, ...rangeOf(token.map, lines, text.length));
    if (!range || token.level !== 0 || token.nesting < 0 || token.type === 'hr') return [];
    if (token.type !== 'heading_open') return [{ kind: kindOf(token), ...range }];
    return [{ kind: 'heading', level: Number(token.tag.slice(1)), title: tokens[i + 1]?.content ?? '', ...range }];
  });
}

function rangeOf([first, end]: readonly [number, number], lines: readonly number[], length: number): [number, number] {
  return [lines[first] ?? length, lines[end] ?? length];
}

function kindOf({ type }: Token): Block['kind'] {
  if (type === 'table_open') return 'table';
  return type === 'fence' || type === 'code_block' ? 'code' : 'prose';
}

/** The paragraphs of a text without markup: what empty lines divide. */
export function plainBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  for (const { index, 0: paragraph } of text.matchAll(/[^\n](?:[^\n]|\n(?![ \t]*\n))*/g)) {
    const range = trimmed(text, index, index + paragraph.length);
    if (range !== undefined) blocks.push({ kind: 'prose', ...range });
  }
  return blocks;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}

/** Without white space at its ends; undefined where nothing is left. */
export function trimmed(text: string, start: number, end: number): { start: number; end: number } | undefined {
  let [from, to] = [start, end];
  while (from < to && isSpace(text.charCodeAt(from))) from += 1;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to -= 1;
  return from < to ? { start: from, end: to } : undefined;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0;
}
