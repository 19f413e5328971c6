import type { Block, Cell, Code, List, ListItem, Paragraph } from '../../document/block.ts';
import { attribute, escapeHtml } from './escape.ts';
import { renderInlines, renderRaw } from './inlines.ts';
import type { Rendering } from './rendering.ts';
import { renderTable } from './tables.ts';

const LIST_TYPES = {
  decimal: '1',
  'lower-alpha': 'a',
  'upper-alpha': 'A',
  'lower-roman': 'i',
  'upper-roman': 'I',
} as const;

/**
 * Renders blocks with the line ends of CommonMark's reference renderer: every block ends in one, except the
 * bare text of tight list items.
 */
export function renderBlocks(blocks: readonly Block[], rendering: Rendering, tight = false): string {
  let html = '';
  let afterText = false;
  for (const block of blocks) {
    const bare: Paragraph | undefined = tight && !afterText && block.type === 'paragraph' ? block : undefined;
    const part: string = bare ? renderInlines(bare.children, rendering) : renderBlock(block, rendering);
    html += html !== '' && !html.endsWith('\n') && part !== '' ? `\n${part}` : part;
    afterText = bare !== undefined;
  }
  return html;
}

function renderBlock(block: Block, rendering: Rendering): string {
  switch (block.type) {
    case 'heading':
      return `<h${block.level}>${renderInlines(block.children, rendering)}</h${block.level}>\n`;
    case 'paragraph':
      return `<p>${renderInlines(block.children, rendering)}</p>\n`;
    case 'quote':
      return `<blockquote>\n${renderBlocks(block.children, rendering)}</blockquote>\n`;
    case 'list':
      return renderList(block, rendering);
    case 'table':
      return renderTable(block, rendering, (cell) => renderCell(cell, rendering));
    case 'code':
      return renderCode(block);
    case 'rule':
      return '<hr />\n';
    case 'math':
      return `<p><span class="math display">\\[${escapeHtml(block.tex)}\\]</span></p>\n`;
    case 'raw-html':
      return endLine(renderRaw(block.html, rendering));
  }
}

function renderCode({ text, language }: Code): string {
  const [name = ''] = language.split(/\s+/);
  return `<pre><code${name === '' ? '' : attribute('class', `language-${name}`)}>${escapeHtml(text)}</code></pre>\n`;
}

function renderList(list: List, rendering: Rendering): string {
  const tag = list.ordered ? 'ol' : 'ul';
  const start = list.ordered && list.start !== 1 ? attribute('start', String(list.start)) : '';
  const type = list.ordered && list.style !== 'decimal' ? attribute('type', LIST_TYPES[list.style]) : '';
  const items = list.items.map((item) => renderItem(item, list, rendering)).join('');
  return `<${tag}${start}${type}>\n${items}</${tag}>\n`;
}

function renderItem(item: ListItem, { tight }: List, rendering: Rendering): string {
  const inner = renderBlocks(item.children, rendering, tight);
  const lead = inner !== '' && !(tight && item.children[0]?.type === 'paragraph') ? '\n' : '';
  const box =
    item.checked === undefined ? '' : `<input type="checkbox" disabled=""${item.checked ? ' checked=""' : ''} /> `;
  const label = item.label === undefined ? '' : `<span class="label">${escapeHtml(item.label)}</span> `;
  return `<li>${box}${label}${lead}${inner}</li>\n`;
}

/** A cell of one paragraph shows it without `<p>`. */
function renderCell(cell: Cell, rendering: Rendering): string {
  const [only, second] = cell.children;
  if (only?.type === 'paragraph' && !second) return renderInlines(only.children, rendering);
  const inner = renderBlocks(cell.children, rendering);
  return inner === '' ? '' : `\n${inner}`;
}

function endLine(html: string): string {
  return html === '' || html.endsWith('\n') ? html : `${html}\n`;
}
