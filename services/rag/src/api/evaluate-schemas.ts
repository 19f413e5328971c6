import { WebhookTarget } from '@genai-platform/common';
import { z } from 'zod';
import { Filter } from '../domain/filter/filter.ts';
import { Principals } from './metadata-schema.ts';
import { Query } from './retrieve-schemas.ts';

const Case = z
  .strictObject({
    query: Query,
    relevant: z
      .array(z.string().min(1).max(256))
      .max(1_000)
      .default([])
      .describe('Documents that ought to be found, by their ids or by the ids that their sender gave them'),
    answer: z
      .string()
      .min(1)
      .max(4_000)
      .optional()
      .describe('What a right answer has to say, to the letter but for case'),
    answerable: z.boolean().default(true).describe('Whether the documents say it at all: if not, it has to be refused'),
    filter: Filter.optional(),
  })
  .refine(({ relevant, answerable }) => answerable || relevant.length === 0, {
    path: ['relevant'],
    message: 'a question that cannot be answered has no relevant documents',
  })
  .meta({ id: 'EvaluationCase' });

export const EvaluateBody = z
  .strictObject({
    collections: z.array(z.string().min(1).max(128)).min(1).max(16).describe('Names or ids'),
    cases: z.array(Case).min(1).max(1_000),
    modes: z
      .array(z.enum(['hybrid', 'lexical', 'vector']))
      .min(1)
      .max(3)
      .default(['hybrid', 'lexical', 'vector'])
      .describe('Ways of retrieval that are compared'),
    top_k: z.int().min(1).max(100).default(10).describe('Documents that are looked at'),
    answers: z.boolean().default(false).describe('Whether the questions are answered too, by the first of the modes'),
    model: z
      .string()
      .min(1)
      .max(256)
      .nullable()
      .default(null)
      .describe('Who words the answers; null quotes the sources'),
    refuse_below: z.number().min(0).max(1).optional().describe("As of an answer's request"),
    principals: Principals.optional().describe('On whose behalf; needs rag:admin. The caller where absent'),
    webhook: WebhookTarget.optional(),
  })
  .meta({ id: 'EvaluateRequest' });
export type EvaluateBody = z.output<typeof EvaluateBody>;
