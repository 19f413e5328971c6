import { parse } from 'parse5';
import type { Context } from '../../context.ts';
import { detectEncoding, decodeText } from '../../detect/encoding.ts';
import { emptyDocument, type Document } from '../../document/document.ts';
import { attributeOf, checkTree, findAll, type Parent } from './dom.ts';
import { readMetadata } from './metadata.ts';
import { findNotes, readNote } from './notes.ts';
import { readBlocks, type Scope } from './scope.ts';
import { walkChildren } from './walk.ts';

/** Reads an HTML page or fragment as a browser would (HTML Living Standard parsing by parse5). */
export function readHtml(input: Uint8Array, context: Context): Document {
  return readHtmlText(decodeText(input, { encoding: encodingOf(input, context), warnings: context.warnings }), context);
}

export function readHtmlText(source: string, context: Context): Document {
  const root = parse(source);
  checkTree(root, context.limits);
  const notes = findNotes(root);
  const items = notes.flatMap((note) => note.items);
  const scope: Scope = {
    context,
    marks: [],
    code: false,
    walkChildren,
    assets: {},
    noteIds: new Set(items.map((item) => attributeOf(item, 'id') ?? '')),
    baseUrl: baseUrlOf(root, context.options.baseUrl),
  };
  const document: Document = { ...emptyDocument(), metadata: readMetadata(root), assets: scope.assets };
  for (const item of items) document.footnotes[attributeOf(item, 'id') ?? ''] = readNote(item, scope);
  for (const { section } of notes) section.childNodes = [];
  document.blocks = readBlocks(root, scope);
  return document;
}

/** Bytes win over what the page says of itself; a declared encoding is used when the bytes leave it open. */
function encodingOf(input: Uint8Array, { options }: Context): string {
  if (options.encoding !== '') return options.encoding;
  if (detectEncoding(input).certainty !== 'guessed') return '';
  const head = Buffer.from(input.buffer, input.byteOffset, Math.min(input.byteLength, 1024)).toString('latin1');
  return /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1] ?? '';
}

function baseUrlOf(root: Parent, given: string): string {
  const [base] = findAll(root, ({ tagName }) => tagName === 'base');
  const href = base && attributeOf(base, 'href');
  if (href === undefined) return given;
  return URL.canParse(href, given || undefined) ? new URL(href, given || undefined).href : given;
}
