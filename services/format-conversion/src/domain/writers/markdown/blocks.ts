import type { Block, Code, List } from '../../document/block.ts';
import { escapeLineStarts, longestRun } from './escape.ts';
import { renderInlines } from './inlines.ts';
import { renderList } from './lists.ts';
import { onOneLine, type Rendering } from './rendering.ts';
import { renderTable } from './tables.ts';

/** Renders blocks with a blank line between them; in tight list items a nested list follows directly. */
export function renderBlocks(blocks: readonly Block[], rendering: Rendering, tight = false): string {
  let markdown = '';
  let previous: Block | undefined;
  let alternate = false;
  for (const block of blocks) {
    alternate = continuesList(previous, block) && !alternate;
    const part = renderBlock(block, rendering, alternate);
    if (part === '') continue;
    markdown += markdown === '' ? part : `${separator(previous, block, tight)}${part}`;
    previous = block;
  }
  return markdown;
}

function continuesList(previous: Block | undefined, block: Block): boolean {
  return previous?.type === 'list' && block.type === 'list' && isNumbered(previous) === isNumbered(block);
}

/** Items with a label of their own stand after bullets. */
function isNumbered(list: List): boolean {
  return list.ordered && list.items[0]?.label === undefined;
}

function separator(previous: Block | undefined, block: Block, tight: boolean): string {
  return tight && previous?.type === 'paragraph' && block.type === 'list' && !(block.ordered && block.start !== 1)
    ? '\n'
    : '\n\n';
}

function renderBlock(block: Block, rendering: Rendering, alternate: boolean): string {
  switch (block.type) {
    case 'heading':
      return renderHeading(block, rendering);
    case 'paragraph':
      return isolateComments(escapeLineStarts(trimLines(renderInlines(block.children, rendering))));
    case 'quote':
      return renderQuote(block.children, rendering);
    case 'list':
      return renderList(block, rendering, alternate, (blocks, tight) => renderBlocks(blocks, rendering, tight));
    case 'table':
      return renderTable(block, rendering);
    case 'code':
      return renderCode(block);
    case 'rule':
      return '---';
    case 'math':
      return `$$${block.tex.trim()}$$`;
    case 'raw-html':
      return block.html.replace(/\n+$/, '');
  }
}

function renderHeading(block: Extract<Block, { type: 'heading' }>, rendering: Rendering): string {
  const title = renderInlines(block.children, onOneLine(rendering)).replace(/\s+/g, ' ').trim();
  // Closing number signs are decoration (CommonMark 0.31.2, section 4.2) unless escaped.
  return `${'#'.repeat(block.level)} ${title.replace(/(^|\s)(#+)$/, '$1\\$2')}`.trimEnd();
}

function renderQuote(children: readonly Block[], rendering: Rendering): string {
  return renderBlocks(children, rendering)
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');
}

function renderCode({ text, language }: Code): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text, '`') + 1));
  const body = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `${fence}${language.replaceAll('`', '')}\n${body}${fence}`;
}

/** Space at the edges of lines means something to Markdown (code, breaks) and nothing to the reader of text. */
function trimLines(markdown: string): string {
  return markdown
    .split('\n')
    .map((line) => line.trimStart())
    .join('\n')
    .replace(/\n(?:[^\S\n]*\n)+/g, '\n')
    .replace(/^\s+|\s+$/g, '');
}

/** A comment that begins a line takes the whole line (CommonMark 0.31.2, section 4.6, kind 2). */
function isolateComments(markdown: string): string {
  return markdown.replace(/^(<!-- image(?:: [^>]*)? -->)[^\S\n]*(?=\S)/gm, '$1\n\n');
}
