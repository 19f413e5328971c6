import { z } from 'zod';

/** A message, a call of a tool, its result; what is not described is passed over or refused by name. */
const Item = z.looseObject({ type: z.string().optional() });
export type Item = z.output<typeof Item>;

/** https://platform.openai.com/docs/api-reference/responses/create */
export const ResponseRequest = z
  .looseObject({
    model: z.string().min(1).max(256),
    input: z.union([z.string(), z.array(Item).min(1).max(4_096)]),
    instructions: z.string().nullish(),
    previous_response_id: z.string().max(128).nullish(),
    stream: z.boolean().nullish(),
    /** Goes on without its client, who comes back for it. */
    background: z.boolean().nullish(),
    /** Whether it is kept; true by default, where there is a database. */
    store: z.boolean().nullish(),
    max_output_tokens: z.number().int().min(1).max(1_000_000).nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    tools: z
      .array(z.looseObject({ type: z.string() }))
      .max(1_024)
      .nullish(),
    tool_choice: z.unknown().optional(),
    text: z.looseObject({ format: z.looseObject({ type: z.string() }).nullish() }).nullish(),
    reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
    metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
    user: z.string().max(512).nullish(),
  })
  .meta({ id: 'ResponseRequest' });
export type ResponseRequest = z.output<typeof ResponseRequest>;

export const responseStatuses = ['queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled'] as const;
export type ResponseStatus = (typeof responseStatuses)[number];

export const ModelResponse = z
  .looseObject({
    id: z.string(),
    object: z.literal('response'),
    created_at: z.number(),
    status: z.enum(responseStatuses),
    model: z.string(),
    output: z.array(Item),
    error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
    usage: z.looseObject({ input_tokens: z.number(), output_tokens: z.number(), total_tokens: z.number() }).nullable(),
  })
  .meta({ id: 'ModelResponse' });
export type ModelResponse = z.output<typeof ModelResponse>;

/** One event of a response; its number is what a stream is resumed by. */
export interface ResponseEvent {
  readonly type: string;
  readonly sequence_number: number;
  readonly [key: string]: unknown;
}
