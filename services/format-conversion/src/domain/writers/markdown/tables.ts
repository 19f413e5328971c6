import type { Alignment, Block, List, Table } from '../../document/block.ts';
import { hasSpans, tableGrid, type GridPlace } from '../../document/grid.ts';
import { blockText } from '../../document/plain-text.ts';
import { codeSpan } from './escape.ts';
import { renderInlines } from './inlines.ts';
import { onOneLine, type Rendering } from './rendering.ts';

const RULES: Readonly<Record<Alignment, string>> = { none: '-', left: ':-', center: ':-:', right: '-:' };

/** A GFM table (section 4.10): one header row, one line a row, no spans. */
export function renderTable(table: Table, rendering: Rendering): string {
  const { context } = rendering;
  const grid = tableGrid(table);
  const width = grid[0]?.length ?? 0;
  if (width === 0) return '';
  if (hasSpans(table)) {
    const stands = context.options.spans === 'repeat' ? 'repeat their text' : 'leave blanks';
    context.warnings.add(
      'TABLE_SPANS_FLATTENED',
      `Markdown tables have no spans; spanning cells ${stands} in the places they cover.`,
    );
  }
  const lines = grid.map((row) => line(row.map((place) => renderPlace(place, rendering))));
  const rule = line(Array.from({ length: width }, (_, column) => RULES[table.alignments[column] ?? 'none']));
  const caption = table.caption.length > 0 ? `${renderInlines(table.caption, onOneLine(rendering))}\n\n` : '';
  return `${caption}${[lines[0], rule, ...lines.slice(1)].join('\n')}`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function renderPlace(place: GridPlace | undefined, rendering: Rendering): string {
  if (!place || (!place.origin && rendering.context.options.spans === 'blank')) return '';
  const separator = rendering.context.options.cellBreaks === 'br' ? '<br>' : ' ';
  const { children } = place.cell;
  const [only] = children;
  if (children.length > 1 || (only && only.type !== 'paragraph')) {
    rendering.context.warnings.add(
      'TABLE_CELL_FLATTENED',
      'A table cell holds more than one paragraph of text; Markdown shows it in one line.',
    );
  }
  const inline = onOneLine(rendering, separator);
  return children
    .map((block) => flatten(block, inline, separator))
    .filter((part) => part !== '')
    .join(separator)
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|')
    .trim();
}

/** One block of a cell as a single line. */
function flatten(block: Block, rendering: Rendering, separator: string): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return renderInlines(block.children, rendering);
    case 'list':
      return flattenList(block, rendering, separator);
    case 'code':
      return codeSpan(block.text.trim());
    case 'quote':
      return block.children.map((inner) => flatten(inner, rendering, separator)).join(separator);
    case 'math':
      return `$${block.tex}$`;
    case 'table':
    case 'rule':
    case 'raw-html':
      return blockText([block]).replace(/[\t\n]+/g, separator);
  }
}

function flattenList(list: List, rendering: Rendering, separator: string): string {
  return list.items
    .map((item, index) => {
      const marker = list.ordered ? (item.label ?? `${list.start + index}.`) : '-';
      const box = item.checked === undefined ? '' : item.checked ? '[x] ' : '[ ] ';
      return `${marker} ${box}${item.children.map((block) => flatten(block, rendering, separator)).join(separator)}`;
    })
    .join(separator);
}
