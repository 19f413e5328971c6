import { malformed } from '../../conversion-error.ts';
import type { Archive } from '../../archive/archive.ts';
import type { Metadata } from '../../document/document.ts';
import type { Limits } from '../../limits.ts';
import { resolvePart } from '../../opc/part-name.ts';
import { child, childrenNamed, textOf, type XmlElement } from '../../xml/element.ts';
import { parseXml } from '../../xml/parse.ts';

export interface Publication {
  metadata: Metadata;
  /** Content documents in reading order, as names in the archive. */
  spine: string[];
  /** Media types by name in the archive. */
  mediaTypes: ReadonlyMap<string, string>;
}

/** The package document of an EPUB (EPUB 3.3, section 5), found through its container file (section 4.2.6.3). */
export function readPublication(archive: Archive, limits: Limits): Publication {
  if (archive.has('META-INF/encryption.xml') && isEncrypted(archive))
    throw malformed('The publication is encrypted; it cannot be read.');
  const container = parseXml(archive.require('META-INF/container.xml'), 'META-INF/container.xml', limits);
  const path = child(container, 'ocf:rootfiles', 'ocf:rootfile')?.attributes['full-path'];
  if (path === undefined) throw malformed('The publication names no package document.');
  const root = parseXml(archive.require(path), path, limits);
  const items = childrenNamed(child(root, 'opf:manifest'), 'opf:item').map(({ attributes }) => ({
    id: attributes['id'] ?? '',
    name: resolvePart(path, attributes['href'] ?? ''),
    mediaType: attributes['media-type'] ?? '',
    navigation: (attributes['properties'] ?? '').split(/\s+/).includes('nav'),
  }));
  const byId = new Map(items.map((item) => [item.id, item]));
  const spine = childrenNamed(child(root, 'opf:spine'), 'opf:itemref')
    .filter(({ attributes }) => attributes['linear'] !== 'no')
    .flatMap(({ attributes }) => byId.get(attributes['idref'] ?? '') ?? [])
    .filter((item) => !item.navigation && /html/.test(item.mediaType) && archive.has(item.name))
    .map((item) => item.name);
  return {
    metadata: metadataOf(child(root, 'opf:metadata')),
    spine,
    mediaTypes: new Map(items.map((item) => [item.name, item.mediaType])),
  };
}

/** Only fonts may be obfuscated in a readable publication (section 4.2.6.3.2). */
function isEncrypted(archive: Archive): boolean {
  const text = Buffer.from(archive.require('META-INF/encryption.xml')).toString();
  return /CipherReference[^>]+URI="[^"]+\.x?html?"/i.test(text);
}

function metadataOf(element: XmlElement | undefined): Metadata {
  const value = (name: string): string => textOf(child(element, name)).trim();
  const authors = childrenNamed(element, 'dc:creator')
    .map((creator) => textOf(creator).trim())
    .filter((name) => name !== '');
  const keywords = childrenNamed(element, 'dc:subject').map((subject) => textOf(subject).trim());
  const [title, language, subject] = ['dc:title', 'dc:language', 'dc:description'].map(value);
  return {
    ...(title ? { title } : {}),
    ...(authors.length > 0 ? { authors } : {}),
    ...(language ? { language } : {}),
    ...(subject ? { subject } : {}),
    ...(keywords.length > 0 ? { keywords } : {}),
  };
}
