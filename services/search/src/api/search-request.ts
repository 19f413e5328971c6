import { z } from 'zod';
import { Filter } from '../domain/filter/filter.ts';
import { FieldName } from '../domain/settings.ts';

const MAX_QUERY_LENGTH = 4_096;
const MAX_LIMIT = 1_000;

export const IndexName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must be 1 to 64 lower-case letters, digits, dashes or underscores')
  .meta({ description: 'Name of an index.' });

const Ranges = z
  .array(
    z.strictObject({
      from: z.union([z.number(), z.string()]).optional(),
      to: z.union([z.number(), z.string()]).optional(),
    }),
  )
  .min(1)
  .max(100)
  .meta({ description: 'Half-open ranges [from, to) of numbers or dates; their counts come instead of values.' });

export const Facet = z.strictObject({
  field: FieldName,
  size: z.int().min(0).max(1_000).default(10),
  ranges: Ranges.optional(),
});

export const Sort = z.strictObject({
  field: z.union([z.literal('_score'), FieldName]),
  order: z.enum(['asc', 'desc']).default('asc'),
});

export const Highlight = z.strictObject({
  fields: z.array(FieldName).min(1).optional().meta({ description: 'All searched fields where absent.' }),
  size: z.int().min(20).max(2_000).default(160).meta({ description: 'Characters of a fragment, about.' }),
  count: z.int().min(1).max(20).default(1).meta({ description: 'Fragments per field.' }),
});

export const Principals = z.array(z.string().min(1).max(256)).max(1_000).meta({
  description:
    'On whose behalf to search an index with access control. Needs search:admin; without it the caller sees what is shared with user:<subject> or with *.',
});

const Hybrid = z.strictObject({
  method: z.enum(['mixture', 'rrf']).optional(),
  vector_weight: z.number().min(0).max(1).optional(),
  candidates: z.int().min(10).max(1_000).default(100).meta({ description: 'Documents taken from each leg.' }),
  guard: z.boolean().default(true).meta({ description: 'Leaves out a leg that says nothing for this query.' }),
});

export const SearchRequest = z
  .strictObject({
    q: z
      .string()
      .max(MAX_QUERY_LENGTH)
      .default('')
      .meta({
        description: 'Words, "phrases" and -exclusions; every document where empty.',
        examples: ['"time sharing" operating systems -batch'],
      }),
    mode: z.enum(['lexical', 'vector', 'hybrid']).default('lexical'),
    vector: z.array(z.number()).max(4_096).optional().meta({ description: 'For the modes vector and hybrid.' }),
    match: z.enum(['any', 'all']).default('any').meta({ description: 'Whether one word is enough.' }),
    fields: z.record(FieldName, z.number().positive().max(100)).optional().meta({
      description: "The text fields to search, with weights, instead of the index's own.",
    }),
    filter: Filter.optional(),
    facets: z.array(Facet).max(32).default([]),
    sort: z.array(Sort).max(8).default([]),
    highlight: Highlight.optional(),
    typo: z.boolean().default(true).meta({ description: 'Reads words that no document holds as the nearest ones.' }),
    prefix: z.boolean().default(false).meta({ description: 'Takes the last word as the beginning of one.' }),
    hybrid: Hybrid.default({ candidates: 100, guard: true }),
    limit: z.int().min(0).max(MAX_LIMIT).default(10),
    cursor: z.string().max(65_536).optional().meta({ description: "The reply's next_cursor, with the same request." }),
    return_fields: z.array(FieldName).max(64).optional().meta({ description: 'All fields where absent.' }),
    principals: Principals.optional(),
  })
  .meta({ id: 'SearchRequest' });

export type SearchRequest = z.output<typeof SearchRequest>;
