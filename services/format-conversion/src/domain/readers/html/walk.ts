import { blockReaders } from './blocks.ts';
import { isElement, isText, type Element, type Node, type Parent } from './dom.ts';
import { inlineReaders } from './inlines.ts';
import type { Flow } from './paragraphs.ts';
import { withMarks, type Scope } from './scope.ts';
import { isBlock, isCode, isHidden, marksOf } from './style.ts';

/** Reads text and elements in order into the flow. */
export function walkChildren(parent: Parent, scope: Scope, flow: Flow): void {
  for (const node of parent.childNodes) walk(node, scope, flow);
}

function walk(node: Node, scope: Scope, flow: Flow): void {
  if (isText(node)) {
    const content = scope.code
      ? ({ type: 'code', text: node.value } as const)
      : ({ type: 'text', text: node.value } as const);
    if (node.value !== '') flow.run({ content, marks: scope.marks, link: scope.link });
  } else if (isElement(node)) walkElement(node, scope, flow);
}

function walkElement(element: Element, scope: Scope, flow: Flow): void {
  const readInline = inlineReaders[element.tagName];
  if (readInline?.(element, scope, flow)) return;
  if (isHidden(element)) return;
  const readBlock = blockReaders[element.tagName];
  if (readBlock) {
    readBlock(element, scope, flow);
    return;
  }
  const inner = withMarks(isCode(element) ? { ...scope, code: true } : scope, marksOf(element));
  if (!isBlock(element)) {
    walkChildren(element, inner, flow);
    return;
  }
  flow.end();
  walkChildren(element, inner, flow);
  flow.end();
}
