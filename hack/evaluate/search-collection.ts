/** Reads a test collection: documents, topics and relevance judgements, in the formats that such collections come in. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { filesInTar } from './tar-files.ts';

export interface CollectionDocument {
  id: string;
  title: string;
  text: string;
}

export interface Collection {
  documents: CollectionDocument[];
  topics: { id: string; text: string }[];
  /** Grades by topic, then document. */
  judgements: Record<string, Record<string, number>>;
}

/** Folders that hold a collection: the given one, or those in it. */
export function findCollections(folder: string): string[] {
  const holds = (path: string): boolean => {
    const names = readdirSync(path);
    return names.some((name) => /^(?:topics|queries)\b/.test(name)) && names.some((name) => name.startsWith('qrels'));
  };
  if (holds(folder)) return [folder];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .filter(holds);
}

/**
 * Reads `topics.*` or `queries.jsonl`, `qrels.*`, and the documents: `*.tar.gz` with one HTML or text file each, or
 * `*.jsonl` with `id` or `_id`, `title` and `text` or `contents`.
 *
 * @param prose leaves out lines without a letter: tables of numbers are no text
 */
export function readCollection(folder: string, { prose }: { prose: boolean }): Collection {
  const names = readdirSync(folder);
  const named = (pattern: RegExp): string[] =>
    names.filter((name) => pattern.test(name)).map((name) => join(folder, name));
  const documents = [
    ...named(/\.tar\.gz$/).flatMap(readArchive),
    ...named(/^(?!queries|topics|qrels).*\.jsonl(?:\.gz)?$/).flatMap((file) => jsonLines(file).map(fromJson)),
  ];
  return {
    documents: prose ? documents.map((document) => ({ ...document, text: proseOf(document.text) })) : documents,
    topics: named(/^(?:topics|queries)\b/).flatMap(readTopics),
    judgements: readJudgements(named(/^qrels/)),
  };
}

function proseOf(text: string): string {
  return text
    .split('\n')
    .filter((line) => /\p{L}/u.test(line))
    .join('\n');
}

function readArchive(file: string): CollectionDocument[] {
  return filesInTar(gunzipSync(readFileSync(file))).map(({ name, bytes }) => {
    const text = plainText(bytes.toString('latin1')).trim();
    const [title = '', ...rest] = text.split('\n');
    return { id: (name.split('/').at(-1) ?? name).replace(/\.\w+$/, ''), title: title.trim(), text: rest.join('\n') };
  });
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function plainText(html: string): string {
  return html.replace(/<[^>]+>/g, ' ').replace(/&(\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}

function jsonLines(file: string): Record<string, unknown>[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function fromJson(value: Record<string, unknown>): CollectionDocument {
  const string = (...keys: string[]): string => {
    const found = keys.map((key) => value[key]).find((member) => typeof member === 'string');
    return found ?? '';
  };
  return { id: string('id', '_id', 'docno'), title: string('title'), text: string('text', 'contents', 'body') };
}

function readTopics(file: string): Collection['topics'] {
  if (/\.jsonl(?:\.gz)?$/.test(file))
    return jsonLines(file)
      .map(fromJson)
      .map(({ id, title, text }) => ({ id, text: `${title} ${text}`.trim() }));
  const content = readFileSync(file, 'utf8');
  const marked = content.matchAll(/<DOC>\s*<DOCNO>\s*(\S+)\s*<\/DOCNO>([\s\S]*?)<\/DOC>/g);
  const topics = [...marked].map(([, id = '', text = '']) => ({ id, text: text.trim() }));
  if (topics.length > 0) return topics;
  return content
    .split('\n')
    .map((line) => line.split('\t'))
    .flatMap(([id, text]) => (id && text ? [{ id, text }] : []));
}

/** TREC's four columns (topic, iteration, document, grade) or BEIR's three with a heading. */
function readJudgements(files: readonly string[]): Collection['judgements'] {
  const judgements: Collection['judgements'] = {};
  for (const line of files.flatMap((file) => readFileSync(file, 'utf8').split('\n'))) {
    const columns = line.trim().split(/\s+/);
    const [topic, document, grade] = columns.length === 4 ? [columns[0], columns[2], columns[3]] : columns;
    if (!topic || !document || !/^-?\d+$/.test(grade ?? '')) continue;
    (judgements[topic] ??= {})[document] = Number(grade);
  }
  return judgements;
}
