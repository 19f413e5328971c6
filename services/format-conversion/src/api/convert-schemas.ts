import { z } from 'zod';
import { SourceFormat, TargetFormat } from './format-schema.ts';
import { OptionsBody } from './options-schema.ts';

/** Where the document is: exactly one of the three. */
const source = {
  text: z.string().optional().describe('The document as text'),
  data: z.base64().optional().describe('The document as base64'),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('A public address to fetch the document from'),
  filename: z.string().max(255).optional().describe('Helps to tell textual formats apart'),
};

const onlyOne = 'exactly one of text, data and url has to be given';
const hasOneSource = ({ text, data, url }: { text?: unknown; data?: unknown; url?: unknown }): boolean =>
  [text, data, url].filter((value) => value !== undefined).length === 1;

/** A document alone. */
export const SourceBody = z.strictObject(source).refine(hasOneSource, onlyOne);

export const ConvertBody = z
  .strictObject({ ...source, from: SourceFormat.optional(), to: TargetFormat, options: OptionsBody.optional() })
  .refine(hasOneSource, onlyOne);
export type ConvertBody = z.output<typeof ConvertBody>;

export const DetectBody = SourceBody;
export type DetectBody = z.output<typeof DetectBody>;

const optionsField = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON' });
      return z.NEVER;
    }
  })
  .pipe(OptionsBody);

/** The fields that a form may have besides its file, or its files. */
export const ConvertFields = z.strictObject({
  from: SourceFormat.optional(),
  to: TargetFormat,
  options: optionsField.optional(),
});
export const BatchFields = z.strictObject({ to: TargetFormat, options: optionsField.optional() });

export const WarningReply = z.object({
  code: z.string(),
  detail: z.string(),
  where: z.string().optional(),
  count: z.int(),
});

/** A conversion as JSON; text targets come as `text`, others as `data`. */
export const ConvertReply = z.object({
  object: z.literal('conversion'),
  from: SourceFormat,
  to: TargetFormat,
  media_type: z.string(),
  text: z.string().optional(),
  data: z.base64().optional(),
  warnings: z.array(WarningReply),
});

export const DetectReply = z.object({
  object: z.literal('detection'),
  format: SourceFormat.nullable().describe('Null for what cannot be converted'),
  media_type: z.string(),
  description: z.string(),
  basis: z.enum(['signature', 'content', 'name']),
  confidence: z.number(),
  encoding: z.object({ name: z.string(), certainty: z.string() }).nullable(),
  language: z.object({ code: z.string(), confidence: z.number() }).nullable(),
  size_bytes: z.int(),
  targets: z.array(TargetFormat).describe('What it can be converted to'),
});

export const FormatsReply = z.object({
  object: z.literal('formats'),
  formats: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      media_types: z.array(z.string()),
      extensions: z.array(z.string()),
      read: z.boolean(),
      write: z.boolean(),
    }),
  ),
  conversions: z.array(
    z.object({
      from: SourceFormat,
      to: TargetFormat,
      fidelity: z.enum(['lossless', 'structure', 'content', 'text', 'tables']),
    }),
  ),
});
