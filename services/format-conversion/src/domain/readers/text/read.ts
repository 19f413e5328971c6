import type { Context } from '../../context.ts';
import { decodeText } from '../../detect/encoding.ts';
import { paragraph } from '../../document/block.ts';
import { documentOf, type Document } from '../../document/document.ts';
import type { Inline } from '../../document/inline.ts';

/** Reads plain text: paragraphs stand between blank lines, line ends inside them are kept as soft breaks. */
export function readText(input: Uint8Array, context: Context): Document {
  const source = decodeText(input, { encoding: context.options.encoding, warnings: context.warnings });
  const paragraphs = source
    .replace(/\r\n?/g, '\n')
    .split(/\n[^\S\n]*(?:\n[^\S\n]*)+/)
    .map((part) => part.replace(/\f/g, '').trim())
    .filter((part) => part !== '');
  return documentOf(paragraphs.map((part) => paragraph(linesOf(part))));
}

function linesOf(part: string): Inline[] {
  return part
    .split('\n')
    .flatMap<Inline>((line, index) => [
      ...(index > 0 ? [{ type: 'soft-break' as const }] : []),
      { type: 'text', text: line.trimEnd() },
    ]);
}
