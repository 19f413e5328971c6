import { LANGUAGES } from '@genai-platform/common/retrieval';
import { z } from 'zod';

/** Limits of one index. Queries touch every field, so a bound on fields is a bound on latency. */
const MAX_FIELDS = 64;
const MAX_SYNONYM_RULES = 10_000;
const MAX_WORDS = 2_000;

export const FieldName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'must be a letter followed by at most 63 letters, digits or underscores');

const LanguageCode = z.enum(LANGUAGES as [string, ...string[]]).meta({
  description: 'ISO 639-1 code of the Snowball stemmer and stop words to use; "none" keeps words as they are.',
});
const StopWords = z.array(z.string().min(1).max(64)).max(MAX_WORDS);

const TextField = z.strictObject({
  type: z.literal('text'),
  weight: z.number().positive().max(100).default(1).meta({ description: 'How many times a word here counts.' }),
  language: LanguageCode.optional(),
});
const ValueField = z.strictObject({
  type: z.enum(['keyword', 'integer', 'number', 'boolean', 'date']).meta({
    description: 'Filterable, sortable and facetable; one value or an array. Dates are RFC 3339.',
  }),
});
export const FieldSettings = z.discriminatedUnion('type', [TextField, ValueField]);

const SynonymRule = z.union([
  z.array(z.string().min(1).max(200)).min(2).max(50),
  z.strictObject({ from: z.array(z.string().min(1).max(200)).min(1), to: z.array(z.string().min(1).max(200)).min(1) }),
]);

const VectorSettings = z.strictObject({
  dimensions: z.int().min(2).max(4096),
  metric: z.enum(['cosine', 'dot', 'euclidean']).default('cosine'),
});

const FusionSettings = z.strictObject({
  method: z.enum(['mixture', 'rrf']).default('mixture').meta({
    description: 'mixture: weighted sum of min-max normalised scores; rrf: reciprocal rank fusion (k = 60).',
  }),
  vector_weight: z.number().min(0).max(1).default(0.4).meta({ description: "The vector leg's share." }),
});

/** What an index is: its fields and how text becomes terms. The same object is the API's body and the stored row. */
export const IndexSettings = z.strictObject({
  fields: z
    .record(FieldName, FieldSettings)
    .refine((fields) => Object.keys(fields).length >= 1 && Object.keys(fields).length <= MAX_FIELDS, {
      message: `an index has 1 to ${MAX_FIELDS} fields`,
    }),
  language: LanguageCode.default('en'),
  stop_words: StopWords.optional().meta({ description: "Replaces the language's own list; [] indexes every word." }),
  synonyms: z
    .array(SynonymRule)
    .max(MAX_SYNONYM_RULES)
    .default([])
    .meta({ description: 'Applied to queries: a list of equivalents, or {from, to} for one direction.' }),
  bm25: z
    .strictObject({ k1: z.number().min(0).max(10).default(1.2), b: z.number().min(0).max(1).default(0.75) })
    .default({ k1: 1.2, b: 0.75 }),
  vector: VectorSettings.optional(),
  hybrid: FusionSettings.default({ method: 'mixture', vector_weight: 0.4 }),
  acl: z.boolean().default(false).meta({
    description: 'With true a document is seen only by the principals in its own list; fixed when the index is made.',
  }),
});

export type IndexSettings = z.infer<typeof IndexSettings>;
export type FieldSettings = z.infer<typeof FieldSettings>;
export type FieldType = FieldSettings['type'];
export type VectorSettings = z.infer<typeof VectorSettings>;

/** Names of the fields that are searched, in the order of the settings. */
export function textFields(settings: IndexSettings): string[] {
  return Object.keys(settings.fields).filter((name) => settings.fields[name]?.type === 'text');
}

/** Names of the fields that are kept in columns. */
export function valueFields(settings: IndexSettings): string[] {
  return Object.keys(settings.fields).filter((name) => settings.fields[name]?.type !== 'text');
}
