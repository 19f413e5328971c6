import { isUtf8 } from 'node:buffer';
import type { Converter } from '../platform/converter.ts';
import type { Caller } from '../store/caller.ts';

export type TextFormat = 'text' | 'markdown';

/** A document as it came. */
export interface SourceDocument {
  readonly bytes: Uint8Array;
  readonly filename: string;
  /** Media type; may be empty. */
  readonly contentType: string;
  /** What the sender says that it is; found out where absent. */
  readonly format?: TextFormat | undefined;
}

const TEXT_TYPES: Readonly<Record<string, TextFormat>> = { 'text/plain': 'text', 'text/markdown': 'markdown' };
const TEXT_NAMES: Readonly<Record<string, TextFormat>> = {
  txt: 'text',
  text: 'text',
  md: 'markdown',
  markdown: 'markdown',
};

/** The text of a document: as it is where it is text, as Markdown where it has to be converted. */
export async function sourceText(
  source: SourceDocument,
  { converter, caller, signal }: { converter: Converter; caller: Caller; signal: AbortSignal },
): Promise<{ text: string; format: TextFormat }> {
  const format = source.format ?? textFormatOf(source);
  // The encoding of other bytes is found out where documents are converted.
  if (format !== undefined && isUtf8(source.bytes)) return { text: Buffer.from(source.bytes).toString('utf8'), format };
  return { text: await converter.toMarkdown(caller, source, signal), format: 'markdown' };
}

function textFormatOf({ contentType, filename }: SourceDocument): TextFormat | undefined {
  const extension = /\.([a-z]+)$/i.exec(filename)?.[1]?.toLowerCase() ?? '';
  return TEXT_NAMES[extension] ?? TEXT_TYPES[contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''];
}
