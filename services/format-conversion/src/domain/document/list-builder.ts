import type { Block, List, ListItem, NumberStyle } from './block.ts';

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

interface Open {
  level: number;
  list: List;
  next: number;
}

/** Nests entries by their level; a list ends where the kind or the counting changes. */
export class ListBuilder {
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

  /** Adds a further block to the last item of that level; without one the block stands by itself. */
  append(block: Block, level: number): void {
    while ((this.#open.at(-1)?.level ?? -1) > level) this.#open.pop();
    (this.#open.at(-1)?.list.items.at(-1)?.children ?? this.#root).push(block);
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
