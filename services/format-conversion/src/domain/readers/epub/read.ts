import { Archive } from '../../archive/archive.ts';
import type { Context } from '../../context.ts';
import { malformed, tooLarge } from '../../conversion-error.ts';
import { emptyDocument, type Document } from '../../document/document.ts';
import type { Image } from '../../document/inline.ts';
import { mapImages } from '../../document/map-images.ts';
import { resolvePart } from '../../opc/part-name.ts';
import { decodeXmlText } from '../../xml/decode.ts';
import { readHtmlText } from '../html/read.ts';
import { pageRange } from '../page-range.ts';
import { readPublication, type Publication } from './package-document.ts';

/** Reads an EPUB 2 or 3 publication: the documents of its spine one after another. */
export function readEpub(input: Uint8Array, context: Context): Document {
  const archive = new Archive(input, context.limits);
  const publication = readPublication(archive, context.limits);
  const { metadata, spine } = publication;
  if (spine.length === 0) throw malformed('The publication has no readable documents in its spine.');
  if (spine.length > context.limits.pages)
    throw tooLarge(`The publication has more than ${context.limits.pages} documents.`);
  const document: Document = { ...emptyDocument(), metadata };
  for (const number of pageRange(context.options.pages, spine.length)) {
    const name = spine[number - 1] ?? '';
    const chapter = readHtmlText(asHtml(decodeXmlText(archive.require(name))), context);
    const place = (image: Image): Image => embedded(image, name, { archive, publication, document });
    document.blocks.push(...mapImages(chapter.blocks, place));
    for (const [id, blocks] of Object.entries(chapter.footnotes)) document.footnotes[id] = mapImages(blocks, place);
  }
  return document;
}

/** XHTML closes empty elements in their tag, which HTML parsers take for an opening tag. */
function asHtml(xhtml: string): string {
  return xhtml.replace(
    /<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)([a-z][\w:.-]*)([^<>]*)\/>/gi,
    '<$1$2></$1>',
  );
}

interface Place {
  archive: Archive;
  publication: Publication;
  document: Document;
}

function embedded(image: Image, chapter: string, { archive, publication, document }: Place): Image {
  if (image.source.kind !== 'url' || /^[a-z][a-z0-9+.-]*:/i.test(image.source.url)) return image;
  const name = resolvePart(chapter, image.source.url.replace(/[?#].*$/, ''));
  const data = document.assets[name]?.data ?? archive.read(name);
  if (!data)
    return { ...image, source: { kind: 'unavailable', reason: 'the picture is missing from the publication' } };
  document.assets[name] = { mediaType: publication.mediaTypes.get(name) ?? 'application/octet-stream', data };
  return { ...image, source: { kind: 'asset', assetId: name } };
}
