import { z } from 'zod';
import { Query, StageReply, retrievalFields } from './retrieve-schemas.ts';

/** By the curve of `npm run evaluate -- rag`: about one answerable question in sixteen is refused. */
export const DEFAULT_REFUSAL = 0.3;

export const AnswerBody = z
  .strictObject({
    query: Query,
    top_k: z.int().min(1).max(20).default(8).describe('Passages that an answer may rest on'),
    ...retrievalFields,
    model: z
      .string()
      .min(1)
      .max(256)
      .nullable()
      .optional()
      .describe('Who words the answer; null quotes the sources; where absent, whoever the platform has configured'),
    refuse_below: z
      .number()
      .min(0)
      .max(1)
      .default(DEFAULT_REFUSAL)
      .describe('Refuses where an answer is less likely than this to be in the sources; 0 never does'),
    max_quotes: z
      .int()
      .min(1)
      .max(10)
      .default(2)
      .describe('Sentences that are quoted at most, where nobody words the answer'),
    stream: z.boolean().default(false).describe('Server-sent events: retrieval, delta, citation, done'),
  })
  .meta({ id: 'AnswerRequest' });
export type AnswerBody = z.output<typeof AnswerBody>;

export const CitationReply = z
  .object({
    index: z.int(),
    document_id: z.string(),
    chunk_id: z.string(),
    collection_id: z.string(),
    title: z.string(),
    url: z.string().nullable(),
    filename: z.string().nullable(),
    start: z.int().describe('In UTF-16 units of the text of the document'),
    end: z.int(),
    text: z.string().describe('What stands there, to the letter'),
    answer_start: z.int(),
    answer_end: z.int(),
  })
  .meta({ id: 'Citation' });

export const AnswerReply = z
  .object({
    object: z.literal('rag.answer'),
    id: z.string(),
    query: z.string(),
    text: z.string(),
    method: z.enum(['extractive', 'generative', 'none']),
    model: z.string().nullable().describe('Who has worded it; null where nobody has'),
    refused: z.boolean(),
    refusal: z.string().nullable(),
    confidence: z.number(),
    grounded: z.number().describe("Share of the model's sentences that the sources support; the others are left out"),
    citations: z.array(CitationReply),
    warnings: z.array(z.string()),
    trace: z.array(StageReply).optional(),
  })
  .meta({ id: 'Answer' });

export const KeptAnswer = z
  .object({
    object: z.literal('rag.kept_answer'),
    id: z.string(),
    status: z.enum(['running', 'completed', 'failed']),
    answer: AnswerReply.nullable(),
    error: z
      .object({ status: z.int(), code: z.string(), title: z.string().optional(), detail: z.string().optional() })
      .nullable(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'KeptAnswer' });

export const AnswerPath = z.object({ answer: z.string().regex(/^ans_[0-9a-z]{26}$/, 'is no id of an answer') });

export const TraceReply = z
  .object({ object: z.literal('rag.trace'), id: z.string(), stages: z.array(StageReply) })
  .meta({ id: 'Trace' });
