import type { Block, List, ListItem, NumberStyle } from '../../document/block.ts';

/** A paragraph that belongs to a list. */
export interface Entry {
  level: number;
  ordered: boolean;
  style: NumberStyle;
  number: number;
  label?: string | undefined;
  checked?: boolean | undefined;
  blocks: Block[];
}

/** A block, or a paragraph that only together with its neighbours makes one. */
export type Item =
  | { kind: 'block'; block: Block }
  | { kind: 'entry'; entry: Entry }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; block: Block };

/** Joins neighbouring list paragraphs, code lines and quotes into lists, code blocks and quotes. */
export function assemble(items: readonly Item[]): Block[] {
  const blocks: Block[] = [];
  let lists = new ListBuilder(blocks);
  for (const item of items) {
    if (item.kind === 'entry') {
      lists.add(item.entry);
      continue;
    }
    lists = new ListBuilder(blocks);
    const last = blocks.at(-1);
    if (item.kind === 'block') blocks.push(item.block);
    else if (item.kind === 'quote' && last?.type === 'quote') last.children.push(item.block);
    else if (item.kind === 'quote') blocks.push({ type: 'quote', children: [item.block] });
    else if (last?.type === 'code') last.text += `${item.text}\n`;
    else blocks.push({ type: 'code', language: '', text: `${item.text}\n` });
  }
  return blocks;
}

interface Open {
  level: number;
  list: List;
  next: number;
}

/** Nests entries by their level; a list ends where the kind or the counting changes. */
class ListBuilder {
  readonly #root: Block[];
  readonly #open: Open[] = [];

  constructor(root: Block[]) {
    this.#root = root;
  }

  add(entry: Entry): void {
    const open = this.#listFor(entry);
    const item: ListItem = { children: entry.blocks };
    if (entry.label !== undefined) item.label = entry.label;
    if (entry.checked !== undefined) item.checked = entry.checked;
    open.list.items.push(item);
    open.next = entry.number + 1;
  }

  #listFor(entry: Entry): Open {
    while ((this.#open.at(-1)?.level ?? -1) > entry.level) this.#open.pop();
    const current = this.#open.at(-1);
    if (current?.level !== entry.level) return this.#begin(entry);
    if (continues(current, entry)) return current;
    this.#open.pop();
    return this.#begin(entry);
  }

  #begin(entry: Entry): Open {
    const list: List = {
      type: 'list',
      ordered: entry.ordered,
      start: entry.number,
      style: entry.style,
      tight: true,
      items: [],
    };
    (this.#open.at(-1)?.list.items.at(-1)?.children ?? this.#root).push(list);
    const open = { level: entry.level, list, next: entry.number };
    this.#open.push(open);
    return open;
  }
}

function continues({ list, next }: Open, entry: Entry): boolean {
  if (list.ordered !== entry.ordered) return false;
  return !entry.ordered || entry.label !== undefined || entry.number === next;
}
