import { createHash } from 'node:crypto';
import { zipSync, type Zippable } from 'fflate';
import type { Context } from '../../context.ts';
import type { Document } from '../../document/document.ts';
import { inlineText } from '../../document/plain-text.ts';
import { renderBlocks } from '../html/blocks.ts';
import { renderNotes } from '../html/notes.ts';
import type { Rendering } from '../html/rendering.ts';
import { chaptersOf } from './chapters.ts';
import { chapterName, CONTAINER, contentDocument, navigation, packageDocument, STYLE } from './documents.ts';

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/svg+xml': 'svg',
  'image/webp': 'webp',
};

/** Writes an EPUB 3.3 publication with a chapter for every uppermost heading. */
export function writeEpub(document: Document, context: Context): Uint8Array {
  const title = titleOf(document);
  const language = document.metadata.language ?? 'und';
  const chapters = chaptersOf(document.blocks, title);
  const images = imageNames(document);
  const files: Zippable = {};
  chapters.forEach((chapter, index) => {
    const rendering: Rendering = { context, xhtml: true, notes: [], assetUrl: (id) => images.get(id)?.name };
    const body = renderBlocks(chapter.blocks, rendering) + renderNotes(document, rendering);
    files[`EPUB/${chapterName(index)}`] = Buffer.from(contentDocument(chapter.title, body, language));
  });
  for (const [id, { name }] of images)
    files[`EPUB/${name}`] = [document.assets[id]?.data ?? new Uint8Array(), { level: 0 }];
  const facts = {
    metadata: document.metadata,
    title,
    language,
    identifier: identifierOf(files),
    modified: modifiedOf(document),
    chapters: chapters.length,
    images: [...images.values()],
  };
  return zipSync({
    // The first entry names the format and is not compressed (EPUB 3.3, section 4.2.6.1).
    mimetype: [Buffer.from('application/epub+zip'), { level: 0 }],
    'META-INF/container.xml': Buffer.from(CONTAINER),
    'EPUB/package.opf': Buffer.from(packageDocument(facts)),
    'EPUB/nav.xhtml': Buffer.from(navigation(chapters, language)),
    'EPUB/style.css': Buffer.from(STYLE),
    ...files,
  });
}

function titleOf({ metadata, blocks }: Document): string {
  const heading = blocks.find((block) => block.type === 'heading');
  return metadata.title ?? (heading ? inlineText(heading.children) : 'Untitled');
}

/** Formats that reading systems must show (section 3.2) become files; others have no place in a publication. */
function imageNames({ assets }: Document): Map<string, { name: string; mediaType: string }> {
  const names = new Map<string, { name: string; mediaType: string }>();
  for (const [id, { mediaType }] of Object.entries(assets)) {
    const extension = EXTENSIONS[mediaType];
    if (extension !== undefined) names.set(id, { name: `image-${names.size + 1}.${extension}`, mediaType });
  }
  return names;
}

/** The same content has the same identifier, whenever it is converted. */
function identifierOf(files: Zippable): string {
  const hash = createHash('sha256');
  for (const [name, content] of Object.entries(files))
    hash.update(name).update(content instanceof Uint8Array ? content : '');
  return `urn:sha256:${hash.digest('hex')}`;
}

function modifiedOf({ metadata }: Document): string {
  const instant = new Date(metadata.modified ?? metadata.created ?? 0);
  return `${(Number.isNaN(instant.getTime()) ? new Date(0) : instant).toISOString().slice(0, 19)}Z`;
}
