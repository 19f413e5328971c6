import { z } from 'zod';

const Span = z.object({ start: z.int(), end: z.int() });

const FieldHighlight = z
  .object({
    field: z.string(),
    value: z.int().meta({ description: 'Which of several values of the field.' }),
    fragments: z.array(
      z.object({
        text: z.string().meta({ description: 'The field from start to end, verbatim.' }),
        start: z.int(),
        end: z.int(),
        spans: z.array(Span).meta({ description: 'Matching words; offsets in the field, in UTF-16 code units.' }),
      }),
    ),
  })
  .meta({ id: 'Highlight' });

const Hit = z
  .object({
    id: z.string(),
    score: z.number(),
    fields: z.record(z.string(), z.unknown()),
    highlights: z.array(FieldHighlight).optional(),
    legs: z
      .object({ lexical: z.number().nullable(), vector: z.number().nullable() })
      .optional()
      .meta({ description: 'Scores of both legs of a hybrid search before fusion.' }),
  })
  .meta({ id: 'Hit' });

const FacetReply = z
  .object({
    field: z.string(),
    distinct: z.int(),
    values: z.array(z.object({ value: z.union([z.string(), z.number(), z.boolean()]), count: z.int() })).optional(),
    ranges: z
      .array(
        z.object({
          from: z.union([z.number(), z.string()]).nullable(),
          to: z.union([z.number(), z.string()]).nullable(),
          count: z.int(),
        }),
      )
      .optional(),
    min: z.union([z.number(), z.string()]).optional(),
    max: z.union([z.number(), z.string()]).optional(),
  })
  .meta({ id: 'Facet' });

export const SearchReply = z
  .object({
    object: z.literal('list'),
    data: z.array(Hit),
    total: z.int().meta({
      description: 'Matching documents, exact. For vector and hybrid searches: documents that were ranked.',
    }),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
    facets: z.array(FacetReply),
    corrections: z.array(z.object({ from: z.string(), to: z.array(z.string()) })),
    mode: z.enum(['lexical', 'vector', 'hybrid']),
    vector_engine: z.enum(['hnsw', 'exact']).optional().meta({
      description: 'exact: vectors are compared one by one, because pgvector is missing or the dimensions too many.',
    }),
    fusion: z
      .object({
        method: z.enum(['mixture', 'rrf']),
        vector_weight: z.number(),
        guard: z.enum(['both', 'lexical', 'vector']).meta({ description: 'Which legs were used.' }),
      })
      .optional(),
    took_ms: z.number(),
  })
  .meta({ id: 'SearchReply' });

export type SearchReply = z.input<typeof SearchReply>;
export type HitReply = SearchReply['data'][number];
export type FacetReply = SearchReply['facets'][number];
