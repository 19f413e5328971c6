import { PDFHexString, PDFName, PDFNumber, type PDFDict, type PDFDocument, type PDFRef } from 'pdf-lib';
import type { Bookmark } from './rendering.ts';

interface Entry {
  bookmark: Bookmark | undefined;
  ref: PDFRef;
  children: Entry[];
}

/** Adds the document outline (ISO 32000-2, section 12.3.3) that readers show beside the pages. */
export function addOutline(file: PDFDocument, bookmarks: readonly Bookmark[]): void {
  if (bookmarks.length === 0) return;
  const root: Entry = { bookmark: undefined, ref: file.context.nextRef(), children: [] };
  const path = [root];
  for (const bookmark of bookmarks) {
    while (path.length > 1 && (path.at(-1)?.bookmark?.level ?? 0) >= bookmark.level) path.pop();
    const entry: Entry = { bookmark, ref: file.context.nextRef(), children: [] };
    path.at(-1)?.children.push(entry);
    path.push(entry);
  }
  write(file, root, undefined);
  file.catalog.set(PDFName.of('Outlines'), root.ref);
}

function write(file: PDFDocument, entry: Entry, place: { parent: Entry; index: number } | undefined): number {
  const dictionary = file.context.obj({});
  const { bookmark, children } = entry;
  if (bookmark && place) {
    const { parent, index } = place;
    dictionary.set(PDFName.of('Title'), PDFHexString.fromText(bookmark.title));
    dictionary.set(PDFName.of('Parent'), parent.ref);
    dictionary.set(
      PDFName.of('Dest'),
      file.context.obj([bookmark.page.ref, PDFName.of('XYZ'), null, PDFNumber.of(bookmark.y), null]),
    );
    setRef(dictionary, 'Prev', parent.children[index - 1]);
    setRef(dictionary, 'Next', parent.children[index + 1]);
  }
  setRef(dictionary, 'First', children[0]);
  setRef(dictionary, 'Last', children.at(-1));
  const visible = children.reduce((sum, child, index) => sum + 1 + write(file, child, { parent: entry, index }), 0);
  if (visible > 0) dictionary.set(PDFName.of('Count'), PDFNumber.of(visible));
  file.context.assign(entry.ref, dictionary);
  return visible;
}

function setRef(dictionary: PDFDict, key: string, entry: Entry | undefined): void {
  if (entry) dictionary.set(PDFName.of(key), entry.ref);
}
