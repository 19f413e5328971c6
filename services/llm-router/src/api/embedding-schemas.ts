import { z } from 'zod';

const MAX_INPUTS = 2_048;
const text = z.string().min(1, 'must not be empty');
const tokens = z.array(z.number().int().min(0)).min(1).max(8_192);

/** https://platform.openai.com/docs/api-reference/embeddings/create */
export const EmbeddingRequest = z
  .looseObject({
    model: z.string().min(1).max(256),
    /** A text, texts, the tokens of a text, or those of several. */
    input: z.union([text, z.array(text).min(1).max(MAX_INPUTS), tokens, z.array(tokens).min(1).max(MAX_INPUTS)]),
    encoding_format: z.enum(['float', 'base64']).nullish(),
    dimensions: z.number().int().min(1).max(16_384).nullish(),
    user: z.string().max(512).nullish(),
  })
  .meta({ id: 'EmbeddingRequest' });
export type EmbeddingRequest = z.output<typeof EmbeddingRequest>;

export const EmbeddingReply = z
  .looseObject({
    object: z.literal('list'),
    data: z.array(
      z.looseObject({
        object: z.literal('embedding'),
        index: z.number(),
        /** Numbers, or with `encoding_format: base64` their little-endian 32-bit floats. */
        embedding: z.union([z.array(z.number()), z.string()]),
      }),
    ),
    model: z.string(),
    usage: z.looseObject({ prompt_tokens: z.number(), total_tokens: z.number() }),
  })
  .meta({ id: 'EmbeddingReply' });
export type EmbeddingReply = z.output<typeof EmbeddingReply>;
