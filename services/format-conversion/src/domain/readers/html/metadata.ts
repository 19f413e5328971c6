import type { Metadata } from '../../document/document.ts';
import { attributeOf, findAll, textOf, type Parent } from './dom.ts';

/** Title, language and the standard metadata names (HTML, section 4.2.5.1) of a page. */
export function readMetadata(root: Parent): Metadata {
  const metadata: Metadata = {};
  const [head] = findAll(root, ({ tagName }) => tagName === 'title');
  const [html] = findAll(root, ({ tagName }) => tagName === 'html');
  const title = head && textOf(head).replace(/\s+/g, ' ').trim();
  const language = html && attributeOf(html, 'lang');
  const named = new Map(
    findAll(root, ({ tagName }) => tagName === 'meta').map((meta) => [
      (attributeOf(meta, 'name') ?? '').toLowerCase(),
      attributeOf(meta, 'content') ?? '',
    ]),
  );
  const [author, description, keywords] = ['author', 'description', 'keywords'].map((name) => named.get(name));
  if (title) metadata.title = title;
  if (language) metadata.language = language;
  if (author) metadata.authors = [author];
  if (description) metadata.subject = description;
  if (keywords) metadata.keywords = keywords.split(',').map((word) => word.trim());
  return metadata;
}
