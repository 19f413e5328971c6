import { z } from 'zod';
import { Filter } from '../domain/filter/filter.ts';
import { DocumentMetadata, Principals } from './metadata-schema.ts';

const MAX_QUERY_LENGTH = 8_192;

export const Query = z.string().trim().min(1, 'must not be empty').max(MAX_QUERY_LENGTH);

const Rerank = z.union([
  z.boolean(),
  z.strictObject({
    model: z.string().min(1).max(256).optional(),
    depth: z.int().min(2).max(100).default(50).describe('How many of the best are reranked'),
  }),
]);

const Diversity = z.union([
  z.boolean(),
  z.strictObject({ lambda: z.number().min(0).max(1).default(0.7).describe('1 is relevance alone') }),
]);

/** What a request says of how passages are found. */
export const retrievalFields = {
  collections: z.array(z.string().min(1).max(128)).min(1).max(16).describe('Names or ids'),
  filter: Filter.optional(),
  mode: z.enum(['hybrid', 'lexical', 'vector']).default('hybrid'),
  vector_weight: z.number().min(0).max(1).optional().describe("The vectors' share of a hybrid score"),
  rerank: Rerank.default(false).describe(
    "By a model; by the encoder's similarity, which is then named, where there is none",
  ),
  mmr: Diversity.default(false).describe('Picks passages that are unlike each other'),
  candidates: z.int().min(10).max(1_000).default(64).describe('Chunks taken from each leg'),
  principals: Principals.optional().describe('On whose behalf; needs rag:admin. The caller where absent'),
};

export const RetrieveBody = z
  .strictObject({
    query: Query,
    vector: z.array(z.number()).min(1).max(16_000).optional().describe('Of the query, where it is known already'),
    top_k: z.int().min(1).max(100).default(10),
    ...retrievalFields,
  })
  .meta({ id: 'RetrieveRequest' });
export type RetrieveBody = z.output<typeof RetrieveBody>;

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');
export const TraceQuery = z.object({ trace: flag.describe('Whether the reply says what each stage took') });

export const StageReply = z
  .object({
    name: z.string(),
    started_ms: z.number(),
    duration_ms: z.number(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: 'Stage' });

export const PassageReply = z
  .object({
    object: z.literal('rag.passage'),
    chunk_id: z.string(),
    document_id: z.string(),
    collection_id: z.string(),
    external_id: z.string().nullable(),
    file_id: z.string().nullable(),
    title: z.string(),
    url: z.string().nullable(),
    filename: z.string().nullable(),
    context: z.string().describe('Titles above the passage'),
    text: z.string(),
    start: z.int().describe('In UTF-16 units of the text of the document'),
    end: z.int(),
    score: z.number().describe('Comparable within one reply'),
    scores: z.object({
      lexical: z.number().nullable().describe('BM25'),
      vector: z.number().nullable().describe('Cosine'),
      rerank: z.number().nullable(),
    }),
    metadata: DocumentMetadata,
  })
  .meta({ id: 'Passage' });

export const RetrieveReply = z
  .object({
    object: z.literal('list'),
    data: z.array(PassageReply),
    legs: z.enum(['both', 'lexical', 'vector']).describe('What of the query said anything'),
    reranker: z.string().nullable(),
    warnings: z.array(z.string()),
    took_ms: z.number(),
    trace: z.array(StageReply).optional(),
  })
  .meta({ id: 'RetrieveReply' });
