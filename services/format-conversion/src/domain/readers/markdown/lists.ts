import type { Block, List, ListItem } from '../../document/block.ts';
import type { Node } from './tokens.ts';

const TASK = /^\[([ xX])\]\s+/;

/** A list node; `readBlocks` reads what stands inside the items. */
export function readList(
  { token, children }: Node,
  readBlocks: (nodes: readonly Node[]) => Block[],
  tasks: boolean,
): List {
  return {
    type: 'list',
    ordered: token.type === 'ordered_list_open',
    start: Number(token.attrGet('start') ?? 1),
    style: 'decimal',
    tight: children.every((item) => item.children.every(isTight)),
    items: children.map((item) => {
      const read: ListItem = { children: readBlocks(item.children) };
      return tasks ? readTask(read) : read;
    }),
  };
}

/** markdown-it hides the paragraphs of tight lists (CommonMark 0.31.2, section 5.3). */
function isTight({ token }: Node): boolean {
  return token.type !== 'paragraph_open' || token.hidden;
}

/** GFM section 5.3: an item whose paragraph begins with `[ ]` or `[x]` is a task. */
function readTask(item: ListItem): ListItem {
  const [first, ...rest] = item.children;
  const [lead, ...inlines] = first?.type === 'paragraph' ? first.children : [];
  const found = lead?.type === 'text' ? TASK.exec(lead.text) : null;
  if (!found || first?.type !== 'paragraph' || lead?.type !== 'text') return item;
  const stripped = { ...first, children: [{ ...lead, text: lead.text.slice(found[0].length) }, ...inlines] };
  return { checked: found[1] !== ' ', children: [stripped, ...rest] };
}
