import { z } from 'zod';

const MAX_DOCUMENTS = 1_024;

/** The shape that Cohere, Jina and vLLM have in common: https://docs.cohere.com/reference/rerank */
export const RerankRequest = z
  .looseObject({
    /** By default the first model that ranks. */
    model: z.string().min(1).max(256).nullish(),
    query: z.string().min(1).max(65_536),
    documents: z
      .array(z.union([z.string(), z.looseObject({ text: z.string() })]))
      .min(1)
      .max(MAX_DOCUMENTS),
    /** So many of the best; all by default. */
    top_n: z.number().int().min(1).max(MAX_DOCUMENTS).nullish(),
    return_documents: z.boolean().nullish(),
  })
  .meta({ id: 'RerankRequest' });
export type RerankRequest = z.output<typeof RerankRequest>;

export const RerankReply = z
  .looseObject({
    id: z.string().optional(),
    model: z.string().optional(),
    /** How the embedded model ranks: `embedding-similarity`. Providers do not say. */
    method: z.string().optional(),
    results: z.array(
      z.looseObject({
        index: z.number(),
        relevance_score: z.number(),
        document: z.looseObject({ text: z.string() }).optional(),
      }),
    ),
    usage: z.looseObject({ prompt_tokens: z.number().optional(), total_tokens: z.number().optional() }).nullish(),
  })
  .meta({ id: 'RerankReply' });
export type RerankReply = z.output<typeof RerankReply>;
