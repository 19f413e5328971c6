/** Everything that is read or written, by the name the API uses. */
export type FormatName =
  'md' | 'html' | 'txt' | 'json' | 'csv' | 'tsv' | 'docx' | 'pptx' | 'xlsx' | 'pdf' | 'epub' | 'rtf';

export interface Format {
  name: FormatName;
  title: string;
  /** First is what replies carry; all are understood in requests. */
  mediaTypes: readonly [string, ...string[]];
  /** Without dot; first is what replies name their file with. */
  extensions: readonly [string, ...string[]];
}

export const formats: readonly Format[] = [
  {
    name: 'md',
    title: 'Markdown',
    mediaTypes: ['text/markdown', 'text/x-markdown'],
    extensions: ['md', 'markdown', 'mdown'],
  },
  {
    name: 'html',
    title: 'HTML',
    mediaTypes: ['text/html', 'application/xhtml+xml'],
    extensions: ['html', 'htm', 'xhtml'],
  },
  { name: 'txt', title: 'Plain text', mediaTypes: ['text/plain'], extensions: ['txt', 'text', 'log'] },
  { name: 'json', title: 'Document model as JSON', mediaTypes: ['application/json'], extensions: ['json'] },
  { name: 'csv', title: 'Comma-separated values', mediaTypes: ['text/csv'], extensions: ['csv'] },
  { name: 'tsv', title: 'Tab-separated values', mediaTypes: ['text/tab-separated-values'], extensions: ['tsv', 'tab'] },
  {
    name: 'docx',
    title: 'Word document',
    mediaTypes: ['application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    extensions: ['docx', 'docm', 'dotx'],
  },
  {
    name: 'pptx',
    title: 'PowerPoint presentation',
    mediaTypes: ['application/vnd.openxmlformats-officedocument.presentationml.presentation'],
    extensions: ['pptx', 'pptm', 'ppsx'],
  },
  {
    name: 'xlsx',
    title: 'Excel workbook',
    mediaTypes: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    extensions: ['xlsx', 'xlsm'],
  },
  { name: 'pdf', title: 'PDF', mediaTypes: ['application/pdf'], extensions: ['pdf'] },
  { name: 'epub', title: 'EPUB', mediaTypes: ['application/epub+zip'], extensions: ['epub'] },
  { name: 'rtf', title: 'Rich Text Format', mediaTypes: ['application/rtf', 'text/rtf'], extensions: ['rtf'] },
];

export function formatNamed(name: FormatName): Format {
  const format = formats.find((candidate) => candidate.name === name);
  if (!format) throw new Error(`format "${name}" is missing from the table`);
  return format;
}

const TEXTUAL: ReadonlySet<FormatName> = new Set(['md', 'html', 'txt', 'json', 'csv', 'tsv']);

export function isTextual(name: FormatName): boolean {
  return TEXTUAL.has(name);
}

/** The type that replies carry. Everything textual that is written is UTF-8. */
export function contentTypeOf(name: FormatName): string {
  const [type] = formatNamed(name).mediaTypes;
  return isTextual(name) ? `${type}; charset=utf-8` : type;
}
