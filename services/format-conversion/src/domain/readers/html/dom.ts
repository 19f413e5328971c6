import type { DefaultTreeAdapterTypes } from 'parse5';
import { tooLarge } from '../../conversion-error.ts';
import type { Limits } from '../../limits.ts';

export type Node = DefaultTreeAdapterTypes.ChildNode;
export type Element = DefaultTreeAdapterTypes.Element;
export type Parent = DefaultTreeAdapterTypes.ParentNode;

export function isElement(node: Node): node is Element {
  return 'tagName' in node;
}

export function isText(node: Node): node is DefaultTreeAdapterTypes.TextNode {
  return node.nodeName === '#text';
}

export function attributeOf(element: Element, name: string): string | undefined {
  return element.attrs.find((attribute) => attribute.name === name)?.value;
}

export function classesOf(element: Element): string[] {
  return (attributeOf(element, 'class') ?? '').split(/\s+/).filter((name) => name !== '');
}

export function childElements(parent: Parent): Element[] {
  return parent.childNodes.filter(isElement);
}

/** All elements below, in document order, that satisfy the test. */
export function findAll(parent: Parent, test: (element: Element) => boolean): Element[] {
  return childElements(parent).flatMap((element) => [...(test(element) ? [element] : []), ...findAll(element, test)]);
}

export function textOf(node: Node): string {
  if (isText(node)) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

/** Bounds the tree before anything walks it recursively. Iterative, because the tree may be deeper than the stack. */
export function checkTree(root: Parent, limits: Limits): void {
  let level: Parent[] = [root];
  let count = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limits.depth) throw tooLarge(`The HTML nests its elements deeper than ${limits.depth} levels.`);
    level = level.flatMap(childElements);
    count += level.length;
    if (count > limits.elements) throw tooLarge(`The HTML has more than ${limits.elements} elements.`);
  }
}
