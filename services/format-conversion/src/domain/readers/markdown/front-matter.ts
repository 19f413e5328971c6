import type { Metadata } from '../../document/document.ts';

const FENCED = /^---[ \t]*\r?\n([\s\S]*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/;
const ENTRY = /^([A-Za-z][\w-]*):[ \t]*(.*)$/;

/**
 * Splits the metadata block that many tools put before Markdown. Only flat `key: value` lines are
 * understood; a block with none of them is content (a rule, or a setext heading) and stays.
 */
export function splitFrontMatter(source: string): { metadata: Metadata; body: string } {
  const found = FENCED.exec(source);
  const lines = found?.[1]?.split(/\r?\n/) ?? [];
  if (!found || !lines.some((line) => ENTRY.test(line))) return { metadata: {}, body: source };
  const entries = new Map<string, string>();
  for (const line of lines) {
    const [, key, value] = ENTRY.exec(line) ?? [];
    if (key !== undefined) entries.set(key.toLowerCase(), unquote(value ?? ''));
  }
  return { metadata: metadataOf(entries), body: source.slice(found[0].length) };
}

function metadataOf(entries: ReadonlyMap<string, string>): Metadata {
  const metadata: Metadata = {};
  const [title, author, language, subject, keywords] = [
    entries.get('title'),
    entries.get('author') ?? entries.get('authors'),
    entries.get('lang') ?? entries.get('language'),
    entries.get('subject') ?? entries.get('description'),
    entries.get('keywords') ?? entries.get('tags'),
  ];
  if (title) metadata.title = title;
  if (author) metadata.authors = listOf(author);
  if (language) metadata.language = language;
  if (subject) metadata.subject = subject;
  if (keywords) metadata.keywords = listOf(keywords);
  return metadata;
}

function listOf(value: string): string[] {
  return value
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((part) => unquote(part.trim()))
    .filter((part) => part !== '');
}

function unquote(value: string): string {
  return value.trim().replace(/^(["'])(.*)\1$/, '$2');
}
