/** An XML element with canonical names (see namespaces.ts). Character data are plain strings among the children. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: (XmlElement | string)[];
}

export function isElement(node: XmlElement | string): node is XmlElement {
  return typeof node !== 'string';
}

export function elements(parent: XmlElement | undefined): XmlElement[] {
  return parent ? parent.children.filter(isElement) : [];
}

/** First child of that name, following a path of names. */
export function child(parent: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  let current = parent;
  for (const name of path)
    current = current?.children.find((node) => isElement(node) && node.name === name) as XmlElement;
  return current;
}

export function childrenNamed(parent: XmlElement | undefined, name: string): XmlElement[] {
  return elements(parent).filter((element) => element.name === name);
}

/** All descendants of that name in document order. */
export function descendants(parent: XmlElement | undefined, name: string): XmlElement[] {
  return elements(parent).flatMap((element) => [
    ...(element.name === name ? [element] : []),
    ...descendants(element, name),
  ]);
}

/** All character data below the element. */
export function textOf(element: XmlElement | undefined): string {
  return element ? element.children.map((node) => (isElement(node) ? textOf(node) : node)).join('') : '';
}
