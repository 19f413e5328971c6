import type { Reader, Writer } from './context.ts';
import type { FormatName } from './formats.ts';

/** Loaded on first use: a process that converts Markdown never pays for PDF. */
type Lazy<T> = () => Promise<T>;

export const readers: Readonly<Partial<Record<FormatName, Lazy<Reader>>>> = {
  md: async () => (await import('./readers/markdown/read.ts')).readMarkdown,
  html: async () => (await import('./readers/html/read.ts')).readHtml,
  txt: async () => (await import('./readers/text/read.ts')).readText,
  json: async () => (await import('./readers/json/read.ts')).readJson,
  csv: async () => (await import('./readers/csv/read.ts')).readCsv,
  tsv: async () => (await import('./readers/csv/read.ts')).readTsv,
  pdf: async () => (await import('./readers/pdf/read.ts')).readPdf,
  docx: async () => (await import('./readers/docx/read.ts')).readDocx,
};

export const writers: Readonly<Partial<Record<FormatName, Lazy<Writer>>>> = {
  md: async () => (await import('./writers/markdown/write.ts')).writeMarkdown,
  html: async () => (await import('./writers/html/write.ts')).writeHtml,
  txt: async () => (await import('./writers/text/write.ts')).writeText,
  json: async () => (await import('./writers/json/write.ts')).writeJson,
  csv: async () => (await import('./writers/csv/write.ts')).writeCsv,
};
