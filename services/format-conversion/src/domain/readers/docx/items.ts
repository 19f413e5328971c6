import type { Block } from '../../document/block.ts';
import { ListBuilder, type Entry } from '../../document/list-builder.ts';

/** A block, or a paragraph that only together with its neighbours makes one. */
export type Item =
  | { kind: 'block'; block: Block }
  | { kind: 'entry'; entry: Entry }
  | { kind: 'continuation'; level: number; block: Block }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; block: Block };

/** Joins neighbouring list paragraphs, code lines and quotes into lists, code blocks and quotes. */
export function assemble(items: readonly Item[]): Block[] {
  const blocks: Block[] = [];
  let lists = new ListBuilder(blocks);
  for (const item of items) {
    if (item.kind === 'entry') lists.add(item.entry);
    else if (item.kind === 'continuation') lists.append(item.block, item.level);
    else {
      lists = new ListBuilder(blocks);
      append(blocks, item);
    }
  }
  return blocks;
}

function append(blocks: Block[], item: Exclude<Item, { kind: 'entry' | 'continuation' }>): void {
  const last = blocks.at(-1);
  if (item.kind === 'block') blocks.push(item.block);
  else if (item.kind === 'quote' && last?.type === 'quote') last.children.push(item.block);
  else if (item.kind === 'quote') blocks.push({ type: 'quote', children: [item.block] });
  else if (last?.type === 'code') last.text += `${item.text}\n`;
  else blocks.push({ type: 'code', language: '', text: `${item.text}\n` });
}
