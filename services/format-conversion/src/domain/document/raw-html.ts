import type { Block } from './block.ts';
import type { Inline } from './inline.ts';

/** Whether any block or inline carries HTML that only an HTML reader can interpret. */
export function hasRawHtml(blocks: readonly Block[]): boolean {
  return blocks.some((block) => {
    switch (block.type) {
      case 'raw-html':
        return true;
      case 'heading':
      case 'paragraph':
        return inlinesHaveRawHtml(block.children);
      case 'quote':
        return hasRawHtml(block.children);
      case 'list':
        return block.items.some((item) => hasRawHtml(item.children));
      case 'table':
        return block.rows.some((row) => row.cells.some((cell) => hasRawHtml(cell.children)));
      default:
        return false;
    }
  });
}

function inlinesHaveRawHtml(children: readonly Inline[]): boolean {
  return children.some(
    (inline) => inline.type === 'raw-html' || ('children' in inline && inlinesHaveRawHtml(inline.children)),
  );
}
