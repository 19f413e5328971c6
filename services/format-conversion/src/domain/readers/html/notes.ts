import type { Block } from '../../document/block.ts';
import { attributeOf, classesOf, findAll, textOf, type Element, type Parent } from './dom.ts';
import { readBlocks, type Scope } from './scope.ts';

/** Footnote bodies as pandoc, markdown-it, GitHub and this service's own writer place them: a section with a list. */
export function findNotes(root: Parent): { section: Element; items: Element[] }[] {
  return findAll(root, isNoteSection).map((section) => ({
    section,
    items: findAll(section, (element) => element.tagName === 'li' && attributeOf(element, 'id') !== undefined),
  }));
}

function isNoteSection(element: Element): boolean {
  if (element.tagName !== 'section' && element.tagName !== 'div' && element.tagName !== 'aside') return false;
  return (
    classesOf(element).includes('footnotes') ||
    attributeOf(element, 'data-footnotes') !== undefined ||
    attributeOf(element, 'role') === 'doc-endnotes'
  );
}

/** The note without the arrow that leads back. */
export function readNote(item: Element, scope: Scope): Block[] {
  for (const parent of [item, ...findAll(item, () => true)]) {
    parent.childNodes = parent.childNodes.filter((node) => !('tagName' in node) || !isBackReference(node));
  }
  return readBlocks(item, scope);
}

function isBackReference(element: Element): boolean {
  return (
    element.tagName === 'a' &&
    (attributeOf(element, 'href') ?? '').startsWith('#') &&
    /^[↩↑^\s\uFE0E]+$/u.test(textOf(element))
  );
}
