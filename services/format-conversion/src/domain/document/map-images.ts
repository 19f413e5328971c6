import type { Block } from './block.ts';
import type { Image, Inline } from './inline.ts';

/** The blocks with every image replaced. */
export function mapImages(blocks: readonly Block[], replace: (image: Image) => Image): Block[] {
  return blocks.map((block) => mapBlock(block, replace));
}

function mapBlock(block: Block, replace: (image: Image) => Image): Block {
  switch (block.type) {
    case 'heading':
    case 'paragraph':
      return { ...block, children: mapInlines(block.children, replace) };
    case 'quote':
      return { ...block, children: mapImages(block.children, replace) };
    case 'list':
      return { ...block, items: block.items.map((item) => ({ ...item, children: mapImages(item.children, replace) })) };
    case 'table': {
      const rows = block.rows.map((row) => ({
        cells: row.cells.map((cell) => ({ ...cell, children: mapImages(cell.children, replace) })),
      }));
      return { ...block, caption: mapInlines(block.caption, replace), rows };
    }
    default:
      return block;
  }
}

function mapInlines(children: readonly Inline[], replace: (image: Image) => Image): Inline[] {
  return children.map((inline) => {
    if (inline.type === 'image') return replace(inline);
    return 'children' in inline ? { ...inline, children: mapInlines(inline.children, replace) } : inline;
  });
}
