import type { Context } from '../../context.ts';
import type { Block, List, Table } from '../../document/block.ts';
import type { Document } from '../../document/document.ts';
import { tableGrid } from '../../document/grid.ts';
import { blockText, inlineText } from '../../document/plain-text.ts';

/** Writes text for people and indexes: no markup, a blank line between blocks, tables with a tab between cells. */
export function writeText(document: Document, { warnings }: Context): Uint8Array {
  warnings.add('FORMATTING_DROPPED', 'Plain text keeps the words and their order; marks, links and images are gone.');
  const notes = Object.entries(document.footnotes).map(([id, blocks]) => `[${id}] ${renderBlocks(blocks)}`);
  const text = [renderBlocks(document.blocks), ...notes].filter((part) => part !== '').join('\n\n');
  return Buffer.from(text === '' ? '' : `${text}\n`);
}

function renderBlocks(blocks: readonly Block[]): string {
  return blocks
    .map(renderBlock)
    .filter((part) => part !== '')
    .join('\n\n');
}

function renderBlock(block: Block): string {
  switch (block.type) {
    case 'heading':
    case 'paragraph':
      return inlineText(block.children);
    case 'quote':
      return renderBlocks(block.children);
    case 'list':
      return renderList(block);
    case 'table':
      return renderTable(block);
    default:
      return blockText([block]).trimEnd();
  }
}

function renderList(list: List): string {
  return list.items
    .map((item, index) => {
      const marker = item.label ?? (list.ordered ? `${list.start + index}.` : '-');
      const box = item.checked === undefined ? '' : item.checked ? '[x] ' : '[ ] ';
      const indent = ' '.repeat(marker.length + 1);
      return `${marker} ${box}${renderBlocks(item.children).replace(/\n+/g, `\n${indent}`)}`;
    })
    .join('\n');
}

function renderTable(table: Table): string {
  const caption = table.caption.length > 0 ? [inlineText(table.caption)] : [];
  const rows = tableGrid(table).map((row) =>
    row.map((place) => (place?.origin ? blockText(place.cell.children).replace(/\s+/g, ' ') : '')).join('\t'),
  );
  return [...caption, ...rows].join('\n');
}
