import { paragraph, type Block, type List, type ListItem, type NumberStyle } from '../../document/block.ts';
import { marked } from '../../document/inline.ts';
import { attributeOf, childElements, isElement, isText, type Element } from './dom.ts';
import { Flow } from './paragraphs.ts';
import { readBlocks, type Scope } from './scope.ts';

const STYLES: Readonly<Record<string, NumberStyle>> = {
  a: 'lower-alpha',
  A: 'upper-alpha',
  i: 'lower-roman',
  I: 'upper-roman',
};

export function readList(element: Element, scope: Scope): List {
  const ordered = element.tagName === 'ol';
  const start = Number.parseInt(attributeOf(element, 'start') ?? '1', 10) || 1;
  return {
    type: 'list',
    ordered,
    start,
    style: STYLES[attributeOf(element, 'type') ?? ''] ?? 'decimal',
    tight: !childElements(element).some((item) => childElements(item).some(({ tagName }) => tagName === 'p')),
    items: readItems(element, scope, ordered ? start : undefined),
  };
}

function readItems(element: Element, scope: Scope, start: number | undefined): ListItem[] {
  const items: ListItem[] = [];
  for (const child of childElements(element)) {
    if (child.tagName !== 'li') adopt(items, child, scope);
    else items.push(readItem(child, scope, start === undefined ? undefined : start + items.length));
  }
  return items.filter((item) => item.children.length > 0 || item.checked !== undefined);
}

function readItem(element: Element, scope: Scope, expected: number | undefined): ListItem {
  const item: ListItem = { children: readBlocks(element, scope) };
  const box = firstCheckbox(element);
  if (box) item.checked = attributeOf(box, 'checked') !== undefined;
  const value = attributeOf(element, 'value');
  if (expected !== undefined && value !== undefined && Number(value) !== expected) item.label = `${value}.`;
  return item;
}

/** What stands in a list without being an item (often a nested list) belongs to the item before it. */
function adopt(items: ListItem[], element: Element, scope: Scope): void {
  const flow = new Flow();
  scope.walkChildren({ ...element, childNodes: [element] }, scope, flow);
  const blocks = flow.blocks();
  const last = items.at(-1);
  if (last) last.children.push(...blocks);
  else if (blocks.length > 0) items.push({ children: blocks });
}

/** A checkbox that opens the item makes it a task, as GitHub renders them. */
function firstCheckbox(element: Element): Element | undefined {
  const first = element.childNodes.find((node) => !isText(node) || node.value.trim() !== '');
  if (!first || !isElement(first)) return undefined;
  if (first.tagName === 'input') return attributeOf(first, 'type')?.toLowerCase() === 'checkbox' ? first : undefined;
  return first.tagName === 'p' || first.tagName === 'label' ? firstCheckbox(first) : undefined;
}

/** The model has no definition lists: terms become bold items, their descriptions a list inside. */
export function readDefinitions(element: Element, scope: Scope): List {
  const items: ListItem[] = [];
  scope.context.warnings.add('DEFINITION_LIST_FLATTENED', 'A definition list became a list with bold terms.');
  for (const entry of definitionParts(element)) {
    const blocks = readBlocks(entry, scope);
    const last = items.at(-1);
    if (entry.tagName === 'dt') items.push({ children: blocks.map(emboldened) });
    else if (last && isTerm(last)) appendDescription(last, blocks);
    else items.push({ children: blocks });
  }
  return { type: 'list', ordered: false, start: 1, style: 'decimal', tight: true, items };
}

/** `dl` may group its parts in `div` (HTML, section 4.4.9). */
function definitionParts(element: Element): Element[] {
  return childElements(element).flatMap((child) => {
    if (child.tagName === 'dt' || child.tagName === 'dd') return [child];
    return child.tagName === 'div' ? definitionParts(child) : [];
  });
}

function isTerm({ children: [first] }: ListItem): boolean {
  return first?.type === 'paragraph' && first.children[0]?.type === 'mark' && first.children[0].mark === 'strong';
}

function emboldened(block: Block): Block {
  return block.type === 'paragraph' ? paragraph([marked('strong', block.children)]) : block;
}

function appendDescription(term: ListItem, blocks: Block[]): void {
  // A description that is itself a list stands directly under the term.
  const [only] = blocks;
  const nested = only?.type === 'list' && blocks.length === 1 ? only.items : [{ children: blocks }];
  const last = term.children.at(-1);
  if (last?.type === 'list') last.items.push(...nested);
  else term.children.push({ type: 'list', ordered: false, start: 1, style: 'decimal', tight: true, items: nested });
}
