import { z } from 'zod';
import { Usage } from './chat-schemas.ts';

const MAX_PROMPTS = 64;
const text = z.string().max(4_000_000);
const tokens = z.array(z.number().int().min(0)).min(1).max(65_536);
const count = z.number().int().min(1).max(1_000_000);

/** https://platform.openai.com/docs/api-reference/completions/create */
export const CompletionRequest = z
  .looseObject({
    model: z.string().min(1).max(256),
    /** A text, texts, the tokens of a text, or those of several. */
    prompt: z.union([text, z.array(text).min(1).max(MAX_PROMPTS), tokens, z.array(tokens).min(1).max(MAX_PROMPTS)]),
    /** What comes after the text that is to be written. */
    suffix: z.string().nullish(),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
    max_tokens: count.nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    n: z.number().int().min(1).max(128).nullish(),
    echo: z.boolean().nullish(),
    logprobs: z.number().int().min(0).max(5).nullish(),
    seed: z.number().int().nullish(),
    stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
    presence_penalty: z.number().min(-2).max(2).nullish(),
    frequency_penalty: z.number().min(-2).max(2).nullish(),
    user: z.string().max(512).nullish(),
  })
  .meta({ id: 'CompletionRequest' });
export type CompletionRequest = z.output<typeof CompletionRequest>;

export const TextCompletion = z
  .looseObject({
    id: z.string(),
    object: z.literal('text_completion'),
    created: z.number(),
    model: z.string(),
    choices: z.array(z.looseObject({ index: z.number(), text: z.string(), finish_reason: z.string().nullable() })),
    usage: Usage.nullish(),
  })
  .meta({ id: 'TextCompletion' });
export type TextCompletion = z.output<typeof TextCompletion>;

/** One event of a stream. */
export interface TextChunk {
  readonly id: string;
  readonly object: 'text_completion';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly { readonly index: number; readonly text: string; readonly finish_reason: string | null }[];
  readonly usage?: Usage | null;
}
