import type { Metadata } from '../../document/document.ts';
import { attribute, escapeHtml } from '../html/escape.ts';
import type { Chapter } from './chapters.ts';

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';

export const CONTAINER = `${XML}<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
`;

export const STYLE = `body{line-height:1.5}table{border-collapse:collapse}th,td{border:1px solid #999;padding:.2em .4em}
pre{white-space:pre-wrap;background:#f4f4f4;padding:.5em}blockquote{margin-left:0;padding-left:1em;border-left:3px solid #999}img{max-width:100%}
`;

/** An XHTML content document (EPUB 3.3, section 6.1). */
export function contentDocument(title: string, body: string, language: string): string {
  return `${XML}<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"${attribute('lang', language)}${attribute('xml:lang', language)}>
<head><title>${escapeHtml(title)}</title><link rel="stylesheet" type="text/css" href="style.css"/></head>
<body>
${body}</body>
</html>
`;
}

/** The navigation document (section 7). */
export function navigation(chapters: readonly Chapter[], language: string): string {
  const items = chapters.map(({ title }, index) => `<li><a href="${chapterName(index)}">${escapeHtml(title)}</a></li>`);
  return contentDocument(
    'Contents',
    `<nav epub:type="toc"><h1>Contents</h1><ol>${items.join('')}</ol></nav>\n`,
    language,
  );
}

export function chapterName(index: number): string {
  return `chapter-${String(index + 1).padStart(4, '0')}.xhtml`;
}

export interface PackageFacts {
  metadata: Metadata;
  title: string;
  language: string;
  identifier: string;
  /** RFC 3339, without fractions. */
  modified: string;
  chapters: number;
  images: readonly { name: string; mediaType: string }[];
}

/** The package document (section 5). */
export function packageDocument({
  metadata,
  title,
  language,
  identifier,
  modified,
  chapters,
  images,
}: PackageFacts): string {
  const names = Array.from({ length: chapters }, (_, index) => chapterName(index));
  const manifest = [
    '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
    '<item id="style" href="style.css" media-type="text/css"/>',
    ...names.map((name, index) => `<item id="c${index + 1}" href="${name}" media-type="application/xhtml+xml"/>`),
    ...images.map(
      ({ name, mediaType }, index) =>
        `<item id="i${index + 1}"${attribute('href', name)}${attribute('media-type', mediaType)}/>`,
    ),
  ];
  const creators = (metadata.authors ?? []).map((author) => `<dc:creator>${escapeHtml(author)}</dc:creator>`);
  const subjects = (metadata.keywords ?? []).map((keyword) => `<dc:subject>${escapeHtml(keyword)}</dc:subject>`);
  const description =
    metadata.subject === undefined ? '' : `<dc:description>${escapeHtml(metadata.subject)}</dc:description>`;
  return `${XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"${attribute('xml:lang', language)}>
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">${escapeHtml(identifier)}</dc:identifier><dc:title>${escapeHtml(title)}</dc:title><dc:language>${escapeHtml(language)}</dc:language>
${creators.join('')}${subjects.join('')}${description}<meta property="dcterms:modified">${modified}</meta>
</metadata>
<manifest>
${manifest.join('\n')}
</manifest>
<spine>
${names.map((_, index) => `<itemref idref="c${index + 1}"/>`).join('')}
</spine>
</package>
`;
}
