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
  pptx: async () => (await import('./readers/pptx/read.ts')).readPptx,
  xlsx: async () => (await import('./readers/xlsx/read.ts')).readXlsx,
  rtf: async () => (await import('./readers/rtf/read.ts')).readRtf,
  epub: async () => (await import('./readers/epub/read.ts')).readEpub,
  docx: async () => (await import('./readers/docx/read.ts')).readDocx,
};

export const writers: Readonly<Partial<Record<FormatName, Lazy<Writer>>>> = {
  md: async () => (await import('./writers/markdown/write.ts')).writeMarkdown,
  html: async () => (await import('./writers/html/write.ts')).writeHtml,
  txt: async () => (await import('./writers/text/write.ts')).writeText,
  docx: async () => (await import('./writers/docx/write.ts')).writeDocx,
  epub: async () => (await import('./writers/epub/write.ts')).writeEpub,
  pdf: async () => (await import('./writers/pdf/write.ts')).writePdf,
  json: async () => (await import('./writers/json/write.ts')).writeJson,
  csv: async () => (await import('./writers/csv/write.ts')).writeCsv,
};
