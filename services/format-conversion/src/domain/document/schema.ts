import { z } from 'zod';
import type { Block } from './block.ts';
import type { Document } from './document.ts';
import type { Inline } from './inline.ts';

/** Identifies the JSON form of the model; the number grows when an older reader would misread it. */
export const DOCUMENT_SCHEMA = 'genai-platform/document@1';

const inline: z.ZodType<Inline> = z.lazy(() => z.discriminatedUnion('type', inlineKinds)) as z.ZodType<Inline>;
const inlines = z.array(inline);
const block: z.ZodType<Block> = z.lazy(() => z.discriminatedUnion('type', blockKinds)) as z.ZodType<Block>;
const blocks = z.array(block);
const origin = z.object({ page: z.int().positive().optional() }).optional();
const plain = z.string();

const source = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('url'), url: plain }),
  z.object({ kind: z.literal('asset'), assetId: plain }),
  z.object({ kind: z.literal('unavailable'), reason: plain }),
]);

const inlineKinds = [
  z.object({ type: z.literal('text'), text: plain }),
  z.object({
    type: z.literal('mark'),
    mark: z.enum(['strong', 'emphasis', 'strike', 'underline', 'superscript', 'subscript']),
    children: inlines,
  }),
  z.object({ type: z.literal('code'), text: plain }),
  z.object({ type: z.literal('link'), url: plain, title: plain.optional(), children: inlines }),
  z.object({ type: z.literal('image'), source, alt: plain, title: plain.optional() }),
  z.object({ type: z.literal('break') }),
  z.object({ type: z.literal('soft-break') }),
  z.object({ type: z.literal('math'), tex: plain }),
  z.object({ type: z.literal('footnote'), id: plain }),
  z.object({ type: z.literal('raw-html'), html: plain }),
] as const;

const span = z.int().min(1).max(100_000);
const cell = z.object({ children: blocks, colspan: span, rowspan: span, header: z.boolean() });
const item = z.object({ children: blocks, checked: z.boolean().optional(), label: plain.optional() });

const blockKinds = [
  z.object({ type: z.literal('heading'), level: z.int().min(1).max(6), children: inlines, origin }),
  z.object({ type: z.literal('paragraph'), children: inlines, origin }),
  z.object({
    type: z.literal('list'),
    ordered: z.boolean(),
    start: z.int(),
    style: z.enum(['decimal', 'lower-alpha', 'upper-alpha', 'lower-roman', 'upper-roman']),
    tight: z.boolean(),
    items: z.array(item),
    origin,
  }),
  z.object({
    type: z.literal('table'),
    caption: inlines,
    rows: z.array(z.object({ cells: z.array(cell) })),
    headerRows: z.int().min(0),
    alignments: z.array(z.enum(['left', 'center', 'right', 'none'])),
    origin,
  }),
  z.object({ type: z.literal('code'), text: plain, language: plain, origin }),
  z.object({ type: z.literal('quote'), children: blocks, origin }),
  z.object({ type: z.literal('rule'), origin }),
  z.object({ type: z.literal('math'), tex: plain, origin }),
  z.object({ type: z.literal('raw-html'), html: plain, origin }),
] as const;

const document = z.object({
  metadata: z
    .object({
      title: plain,
      authors: z.array(plain),
      language: plain,
      subject: plain,
      keywords: z.array(plain),
      created: plain,
      modified: plain,
    })
    .partial(),
  blocks,
  footnotes: z.record(plain, blocks),
  assets: z.record(plain, z.object({ mediaType: plain, data: z.base64() })),
});

/** A fault in a JSON document: where (RFC 6901 pointer) and what. */
export interface SchemaFault {
  pointer: string;
  detail: string;
}

/** Checks a value against the model. Keys are those of the model, asset data is base64. */
export function checkDocument(value: unknown): { document: Document } | { fault: SchemaFault } {
  const checked = document.safeParse(value);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return { fault: { pointer: `/${(issue?.path ?? []).map(String).join('/')}`, detail: issue?.message ?? 'invalid' } };
  }
  const assets: Document['assets'] = {};
  for (const [id, { mediaType, data }] of Object.entries(checked.data.assets)) {
    assets[id] = { mediaType, data: Buffer.from(data, 'base64') };
  }
  return { document: { ...checked.data, assets } as Document };
}
