import type { Context } from './context.ts';
import { ConversionError } from './conversion-error.ts';
import type { Document } from './document/document.ts';
import { hasRawHtml } from './document/raw-html.ts';
import { Warnings, type Warning } from './document/warnings.ts';
import type { FormatName } from './formats.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { defaultOptions, type Options } from './options.ts';
import { readers, writers } from './registry.ts';

export interface Conversion {
  input: Uint8Array;
  from: FormatName;
  to: FormatName;
  options?: Partial<Options>;
  limits?: Partial<Limits>;
}

export interface Converted {
  output: Uint8Array;
  warnings: Warning[];
}

/** Formats that carry raw HTML as it stands. */
const KEEPS_RAW_HTML: ReadonlySet<FormatName> = new Set(['md', 'html', 'json']);

/** Converts one document. Throws `ConversionError` for faults of the document. */
export async function convert({ input, from, to, options, limits }: Conversion): Promise<Converted> {
  const [loadReader, loadWriter] = [readers[from], writers[to]];
  if (!loadReader || !loadWriter) {
    throw new ConversionError('CONVERT_PAIR_UNSUPPORTED', `There is no way from "${from}" to "${to}".`);
  }
  const context: Context = {
    options: { ...defaultOptions, ...options },
    limits: { ...defaultLimits, ...limits },
    warnings: new Warnings(),
  };
  const [read, write] = [await loadReader(), await loadWriter()];
  const document = await read(input, context);
  const ready = KEEPS_RAW_HTML.has(to) ? document : await interpretRawHtml(document, context);
  return { output: await write(ready, context), warnings: context.warnings.list() };
}

/**
 * Markdown may contain HTML whose tags open and close in different blocks. For targets that are not HTML the
 * text is rendered as HTML once and read back, which gives those tags the meaning a browser would.
 */
async function interpretRawHtml(document: Document, context: Context): Promise<Document> {
  if (!hasRawHtml(document.blocks)) return document;
  const [{ htmlFragment }, { readHtmlText }] = await Promise.all([
    import('./writers/html/write.ts'),
    import('./readers/html/read.ts'),
  ]);
  const { blocks, footnotes } = readHtmlText(htmlFragment(document, context), context);
  return { ...document, blocks, footnotes };
}
