import { paragraph, type Block, type List } from '../../../document/block.ts';
import type { Inline } from '../../../document/inline.ts';
import type { Group } from './groups.ts';

interface Open {
  left: number;
  list: List;
  next: number;
}

/** Nests list items by how far their markers are indented. */
export class ListNesting {
  readonly #root: Block[];
  readonly #open: Open[] = [];

  constructor(root: Block[]) {
    this.#root = root;
  }

  add(group: Group, children: Inline[]): void {
    const open = this.#listFor(group, group.lines[0]?.left ?? 0);
    open.list.items.push({ children: children.length > 0 ? [paragraph(children)] : [] });
    open.next = (group.marker?.number ?? 0) + 1;
  }

  #listFor(group: Group, left: number): Open {
    const tolerance = 0.5 * group.size;
    while ((this.#open.at(-1)?.left ?? -Infinity) > left + tolerance) this.#open.pop();
    const current = this.#open.at(-1);
    if (!current || Math.abs(current.left - left) > tolerance) return this.#begin(group, left);
    if (continues(current, group)) return current;
    this.#open.pop();
    return this.#begin(group, left);
  }

  #begin({ marker, page }: Group, left: number): Open {
    const { ordered = false, style = 'decimal', number = 1 } = marker ?? {};
    const list: List & { origin: { page: number } } = {
      type: 'list',
      ordered,
      start: number,
      style,
      tight: true,
      items: [],
      origin: { page },
    };
    (this.#open.at(-1)?.list.items.at(-1)?.children ?? this.#root).push(list);
    const open = { left, list, next: number };
    this.#open.push(open);
    return open;
  }
}

function continues({ list, next }: Open, { marker }: Group): boolean {
  return (
    marker !== undefined &&
    list.ordered === marker.ordered &&
    (!marker.ordered || (list.style === marker.style && marker.number === next))
  );
}
