import type { PathSegment } from './field-path.ts';

type Container = Record<string, unknown> | unknown[];

/** Sets the value at an existing place of a tree, in place; `undefined` removes it. A place that is not there is let be. */
export function setAt(root: Record<string, unknown>, path: readonly PathSegment[], value: unknown): void {
  let container: Container = root;
  for (const segment of path.slice(0, -1)) {
    const next: unknown = (container as Record<string | number, unknown>)[slotOf(container, segment)];
    if (typeof next !== 'object' || next === null) return;
    container = next as Container;
  }
  const last = path.at(-1);
  if (last) setSlot(container, slotOf(container, last), value);
}

function setSlot(container: Container, slot: string | number, value: unknown): void {
  if (value !== undefined) (container as Record<string | number, unknown>)[slot] = value;
  else if (Array.isArray(container)) container.splice(Number(slot), 1);
  else container[slot] = undefined;
}

function slotOf(container: Container, segment: PathSegment): string | number {
  if ('field' in segment) return segment.field;
  if ('index' in segment) return segment.index;
  const items = Array.isArray(container) ? (container as Record<string, unknown>[]) : [];
  const index = items.findIndex((item) =>
    Object.entries(segment.keys).every(([key, value]) => (item[key] ?? value) === value),
  );
  return index === -1 ? items.length : index;
}
