import { z } from 'zod';
import type { Filter } from '../domain/filter/filter.ts';

/** https://platform.openai.com/docs/api-reference/files and /vector-stores */
const seconds = z.int();

export const FileObject = z
  .object({
    id: z.string(),
    object: z.literal('file'),
    bytes: z.int(),
    created_at: seconds,
    expires_at: seconds.nullable(),
    filename: z.string(),
    purpose: z.string(),
    status: z.literal('processed'),
  })
  .meta({ id: 'File' });

export const FileFields = z.strictObject({
  purpose: z.string().min(1).max(64),
  'expires_after[anchor]': z.literal('created_at').optional(),
  'expires_after[seconds]': z.coerce.number().int().min(3_600).max(2_592_000).optional(),
});

export const Order = z.enum(['asc', 'desc']).default('desc');

export const Deleted = z
  .object({ id: z.string(), object: z.string(), deleted: z.literal(true) })
  .meta({ id: 'Deleted' });

export const ChunkingStrategy = z
  .discriminatedUnion('type', [
    z.looseObject({ type: z.literal('auto') }),
    z.looseObject({
      type: z.literal('static'),
      static: z
        .strictObject({ max_chunk_size_tokens: z.int().min(100).max(4_096), chunk_overlap_tokens: z.int().min(0) })
        .refine(({ max_chunk_size_tokens: max, chunk_overlap_tokens: overlap }) => overlap <= max / 2, {
          path: ['chunk_overlap_tokens'],
          message: 'must not exceed half of max_chunk_size_tokens',
        }),
    }),
  ])
  .meta({ id: 'ChunkingStrategy' });
export type ChunkingStrategy = z.output<typeof ChunkingStrategy>;

const Metadata = z
  .record(z.string().max(64), z.string().max(512))
  .refine((all) => Object.keys(all).length <= 16, 'at most 16 fields');
export const Attributes = z
  .record(z.string().max(64), z.union([z.string().max(512), z.number(), z.boolean()]))
  .refine((all) => Object.keys(all).length <= 16, 'at most 16 fields');

const ExpiresAfter = z.strictObject({ anchor: z.literal('last_active_at'), days: z.int().min(1).max(365) });
const FileIds = z.array(z.string().min(1).max(128)).min(1).max(500);

export const NewVectorStore = z
  .strictObject({
    name: z.string().max(256).nullish(),
    description: z.string().max(512).nullish(),
    file_ids: FileIds.nullish(),
    expires_after: ExpiresAfter.nullish(),
    chunking_strategy: ChunkingStrategy.nullish(),
    metadata: Metadata.nullish(),
  })
  .meta({ id: 'NewVectorStore' });

export const VectorStoreChange = NewVectorStore.pick({ name: true, expires_after: true, metadata: true }).meta({
  id: 'VectorStoreChange',
});

const FileCounts = z.object({
  in_progress: z.int(),
  completed: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  total: z.int(),
});
export const VectorStore = z
  .object({
    id: z.string(),
    object: z.literal('vector_store'),
    created_at: seconds,
    name: z.string().nullable(),
    description: z.string().nullable(),
    usage_bytes: z.int(),
    file_counts: FileCounts,
    status: z.enum(['expired', 'in_progress', 'completed']),
    expires_after: ExpiresAfter.nullable(),
    expires_at: seconds.nullable(),
    last_active_at: seconds,
    metadata: z.record(z.string(), z.string()),
  })
  .meta({ id: 'VectorStore' });

export const NewStoreFile = z
  .strictObject({
    file_id: z.string().min(1).max(128),
    attributes: Attributes.nullish(),
    chunking_strategy: ChunkingStrategy.nullish(),
  })
  .meta({ id: 'NewVectorStoreFile' });

export const StoreFile = z
  .object({
    id: z.string(),
    object: z.literal('vector_store.file'),
    usage_bytes: z.int(),
    created_at: seconds,
    vector_store_id: z.string(),
    status: z.enum(['in_progress', 'completed', 'failed', 'cancelled']),
    last_error: z.object({ code: z.string(), message: z.string() }).nullable(),
    chunking_strategy: ChunkingStrategy,
    attributes: Attributes,
  })
  .meta({ id: 'VectorStoreFile' });

export const NewFileBatch = z
  .strictObject({ file_ids: FileIds, attributes: Attributes.nullish(), chunking_strategy: ChunkingStrategy.nullish() })
  .meta({ id: 'NewFileBatch' });

export const FileBatch = z
  .object({
    id: z.string(),
    object: z.literal('vector_store.file_batch'),
    created_at: seconds,
    vector_store_id: z.string(),
    status: z.enum(['in_progress', 'completed', 'cancelled', 'failed']),
    file_counts: FileCounts,
  })
  .meta({ id: 'FileBatch' });

export const Contents = z
  .object({
    object: z.literal('vector_store.file_content.page'),
    data: z.array(z.object({ type: z.literal('text'), text: z.string() })),
    has_more: z.boolean(),
    next_page: z.string().nullable(),
  })
  .meta({ id: 'VectorStoreFileContent' });

interface Comparison {
  type: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'nin';
  key: string;
  value: string | number | boolean | (string | number | boolean)[];
}
interface Compound {
  type: 'and' | 'or';
  filters: OpenAiFilter[];
}
export type OpenAiFilter = Comparison | Compound;

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const OpenAiFilter: z.ZodType<OpenAiFilter> = z.lazy(() =>
  z.union([
    z.strictObject({
      type: z.enum(['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'nin']),
      key: z.string().min(1).max(64),
      value: z.union([Scalar, z.array(Scalar).min(1).max(1_000)]),
    }),
    z.strictObject({ type: z.enum(['and', 'or']), filters: z.array(OpenAiFilter).min(1).max(100) }),
  ]),
);

/** The same condition as the service's own filters say it. */
export function toFilter(filter: OpenAiFilter): Filter {
  if ('filters' in filter) return { op: filter.type, filters: filter.filters.map(toFilter) };
  const { type, key: field, value } = filter;
  if (type === 'in' || type === 'nin') return { op: type, field, values: [value].flat() };
  return { op: type, field, value: Array.isArray(value) ? (value[0] ?? '') : value };
}

export const SearchBody = z
  .strictObject({
    query: z.union([z.string().trim().min(1).max(8_192), z.array(z.string().trim().min(1).max(8_192)).min(1).max(8)]),
    filters: OpenAiFilter.nullish(),
    max_num_results: z.int().min(1).max(50).default(10),
    ranking_options: z
      .looseObject({ ranker: z.string().optional(), score_threshold: z.number().min(0).max(1).optional() })
      .nullish(),
    rewrite_query: z.boolean().default(false),
  })
  .meta({ id: 'VectorStoreSearch' });

export const SearchPage = z
  .object({
    object: z.literal('vector_store.search_results.page'),
    search_query: z.array(z.string()),
    data: z.array(
      z.object({
        file_id: z.string(),
        filename: z.string(),
        score: z.number(),
        attributes: z.record(z.string(), z.unknown()),
        content: z.array(z.object({ type: z.literal('text'), text: z.string() })),
      }),
    ),
    has_more: z.boolean(),
    next_page: z.string().nullable(),
  })
  .meta({ id: 'VectorStoreSearchPage' });
