import { z } from 'zod';
import { IndexSettings } from '../domain/settings.ts';

export const IndexReply = z
  .object({
    object: z.literal('search.index'),
    id: z.string().meta({ description: 'The name; what pages go by.' }),
    name: z.string(),
    settings: IndexSettings,
    revision: z.int().meta({ description: "The settings' version; also the ETag." }),
    documents: z.int().nullable().meta({
      description: 'Null on an index with access control, unless the caller has search:admin.',
    }),
    vector_engine: z.enum(['hnsw', 'exact']).optional().meta({
      description: 'exact: vectors are compared one by one, because pgvector is missing or the dimensions too many.',
    }),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Index' });

export const IndexList = z
  .object({
    object: z.literal('list'),
    data: z.array(IndexReply),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  })
  .meta({ id: 'IndexList' });

export const StatsReply = z
  .object({
    object: z.literal('search.stats'),
    documents: z.int(),
    deleted_documents: z.int().meta({ description: 'Deleted, but still in a segment until it is merged.' }),
    segments: z.int(),
    bytes: z.int().meta({ description: 'Size of the segments.' }),
    generation: z.int(),
    words: z.int().meta({ description: 'Entries for completion and typo correction, over all segments.' }),
    fields: z.record(z.string(), z.object({ terms: z.int(), average_length: z.number() })).meta({
      description: 'Dictionary entries over all segments, and the mean number of words.',
    }),
    vectors: z
      .object({ engine: z.enum(['hnsw', 'exact']), dimensions: z.int(), pgvector: z.string().nullable() })
      .optional(),
    cache: z.object({ bytes: z.int(), hit_ratio: z.number() }),
  })
  .meta({ id: 'IndexStats' });

export type IndexReply = z.input<typeof IndexReply>;
export type StatsReply = z.input<typeof StatsReply>;
