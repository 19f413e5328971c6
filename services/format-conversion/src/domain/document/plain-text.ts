import type { Block, List } from './block.ts';
import type { Inline } from './inline.ts';

/** The characters a reader of the page would see: marks drop away, images speak their alternative text. */
export function inlineText(children: readonly Inline[]): string {
  return children.map(oneInline).join('');
}

function oneInline(inline: Inline): string {
  if ('children' in inline) return inlineText(inline.children);
  if ('text' in inline) return inline.text;
  if (inline.type === 'image') return inline.alt;
  if (inline.type === 'math') return inline.tex;
  return inline.type === 'break' || inline.type === 'soft-break' ? '\n' : '';
}

/** Text of blocks with one line end between them; structure (bullets, rules) is left out. */
export function blockText(blocks: readonly Block[]): string {
  return blocks
    .map(oneBlock)
    .filter((part) => part !== '')
    .join('\n');
}

function oneBlock(block: Block): string {
  switch (block.type) {
    case 'heading':
    case 'paragraph':
      return inlineText(block.children);
    case 'code':
      return block.text;
    case 'math':
      return block.tex;
    case 'quote':
      return blockText(block.children);
    case 'list':
      return listText(block);
    case 'table':
      return block.rows.map((row) => row.cells.map((cell) => blockText(cell.children)).join('\t')).join('\n');
    case 'rule':
    case 'raw-html':
      return '';
  }
}

function listText(list: List): string {
  return list.items.map((item) => blockText(item.children)).join('\n');
}
