import type { Block, List, ListItem } from '../../document/block.ts';
import { escapeText } from './escape.ts';
import type { Rendering } from './rendering.ts';

/** Renders what stands inside an item. */
type RenderBlocks = (blocks: readonly Block[], tight: boolean) => string;

/**
 * A list. `alternate` changes the marker, which is how Markdown keeps two neighbouring lists apart
 * (CommonMark 0.31.2, section 5.3).
 */
export function renderList(list: List, rendering: Rendering, alternate: boolean, renderBlocks: RenderBlocks): string {
  if (list.ordered && list.style !== 'decimal') {
    rendering.context.warnings.add(
      'LIST_STYLE_DROPPED',
      'Markdown numbers lists with digits only; letters and roman numbers became digits.',
    );
  }
  const items = list.items.map((item, index) =>
    renderItem(item, marker(list, item, index, alternate), list.tight, renderBlocks),
  );
  return items.join(list.tight ? '\n' : '\n\n');
}

/** A label that digits cannot express ("1.1.") stands as text after a bullet. */
function marker(list: List, item: ListItem, index: number, alternate: boolean): string {
  const box = item.checked === undefined ? '' : item.checked ? '[x] ' : '[ ] ';
  if (item.label !== undefined) return `- ${escapeText(item.label)} ${box}`;
  if (!list.ordered) return `${alternate ? '*' : '-'} ${box}`;
  return `${list.start + index}${alternate ? ')' : '.'} ${box}`;
}

function renderItem(item: ListItem, lead: string, tight: boolean, renderBlocks: RenderBlocks): string {
  const width = /^(\S+\s)/.exec(lead)?.[0].length ?? lead.length;
  const body = renderBlocks(item.children, tight);
  if (body === '') return lead.trimEnd();
  const [first, ...rest] = body.split('\n');
  const indent = ' '.repeat(width);
  return [lead + (first ?? ''), ...rest.map((line) => (line === '' ? '' : indent + line))].join('\n');
}
