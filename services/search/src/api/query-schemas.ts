import { z } from 'zod';
import { Principals, SearchRequest } from './search-request.ts';
import { SearchReply } from './search-reply.ts';
import { IndexName } from './search-request.ts';

const flag = z
  .enum(['true', 'false'])
  .default('true')
  .transform((value) => value === 'true');

export const SuggestQuery = z.object({
  q: z.string().max(512).meta({ description: 'What was typed so far; its last word is completed.' }),
  limit: z.coerce.number().int().min(1).max(50).default(8),
  typo: flag.meta({ description: 'Whether a beginning with a typing error is understood.' }),
  principal: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .pipe(Principals)
    .optional(),
});

export const SuggestReply = z
  .object({
    object: z.literal('list'),
    data: z.array(z.object({ text: z.string(), word: z.string(), documents: z.int(), edits: z.int() })),
  })
  .meta({ id: 'Suggestions' });

export const MultiSearchRequest = z
  .strictObject({
    searches: z
      .array(SearchRequest.extend({ index: IndexName }))
      .min(1)
      .max(50),
  })
  .meta({ id: 'MultiSearchRequest' });

const Problem = z.object({
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});

export const MultiSearchReply = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z.object({ index: z.string(), status: z.int(), result: SearchReply.optional(), error: Problem.optional() }),
    ),
  })
  .meta({ id: 'MultiSearchReply', description: 'One entry per search, in order; one that fails fails alone.' });

export const ExplainRequest = SearchRequest.pick({
  q: true,
  match: true,
  fields: true,
  typo: true,
  prefix: true,
  principals: true,
}).extend({ id: z.string().min(1).max(512) });

export const ExplainReply = z
  .object({
    id: z.string(),
    score: z.number(),
    formula: z.string(),
    length: z.number(),
    average_length: z.number(),
    documents: z.int(),
    norm: z.number(),
    clauses: z.array(
      z.object({
        words: z.string(),
        boost: z.number(),
        documents: z.int(),
        idf: z.number(),
        frequency: z.number(),
        score: z.number(),
        matches: z.array(
          z.object({
            field: z.string(),
            terms: z.array(z.string()),
            correction: z.string().optional(),
            frequency: z.number(),
            weight: z.number(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Explanation' });

export const EvaluateRequest = z
  .strictObject({
    queries: z
      .array(
        z.strictObject({ id: z.string().min(1), q: z.string().max(4_096), vector: z.array(z.number()).optional() }),
      )
      .min(1)
      .max(2_000),
    qrels: z.record(z.string(), z.record(z.string(), z.number())).meta({
      description: 'Grades by query id, then document id; above 0 is relevant.',
    }),
    search: SearchRequest.pick({
      mode: true,
      match: true,
      fields: true,
      filter: true,
      typo: true,
      hybrid: true,
      principals: true,
    })
      .prefault({})
      .meta({ description: 'How to search.' }),
    depth: z.int().min(10).max(1_000).default(1_000).meta({ description: 'Documents ranked per query.' }),
    tune: z.boolean().default(false).meta({
      description: "Also finds the vector leg's best share, to be put into the index's settings.",
    }),
  })
  .meta({ id: 'EvaluateRequest' });

const Metrics = z
  .object({
    average_precision: z.number(),
    ndcg_10: z.number(),
    recall_100: z.number(),
    precision_10: z.number(),
    precision_30: z.number(),
    reciprocal_rank: z.number(),
  })
  .meta({ id: 'RetrievalMetrics' });

export const EvaluateReply = z
  .object({
    mean: Metrics,
    queries: z.array(z.object({ id: z.string(), metrics: Metrics })),
    tuning: z
      .object({ vector_weight: z.number(), shares: z.array(z.object({ vector_weight: z.number(), mean: Metrics })) })
      .optional(),
  })
  .meta({ id: 'Evaluation' });
