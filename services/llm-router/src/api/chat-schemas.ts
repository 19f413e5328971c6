import { z } from 'zod';

/** Everything that a client sends and that is not described here goes to the provider as it is. */
const ContentPart = z.looseObject({ type: z.string() });
const Content = z.union([z.string(), z.array(ContentPart).max(4_096)]);

const ToolCall = z.looseObject({
  id: z.string(),
  type: z.string().optional(),
  function: z.looseObject({ name: z.string(), arguments: z.string() }).optional(),
});

export const ChatMessage = z
  .looseObject({
    role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
    content: Content.nullish(),
    tool_calls: z.array(ToolCall).max(1_024).nullish(),
    tool_call_id: z.string().optional(),
  })
  .meta({ id: 'ChatMessage' });

const ResponseFormat = z.looseObject({
  type: z.enum(['text', 'json_object', 'json_schema']),
  json_schema: z
    .looseObject({ name: z.string().optional(), schema: z.record(z.string(), z.unknown()).optional() })
    .optional(),
});

const count = z.number().int().min(1).max(1_000_000);

/** https://platform.openai.com/docs/api-reference/chat/create */
export const ChatRequest = z
  .looseObject({
    model: z.string().min(1).max(256),
    messages: z.array(ChatMessage).min(1).max(4_096),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
    max_tokens: count.nullish(),
    max_completion_tokens: count.nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    n: z.number().int().min(1).max(128).nullish(),
    seed: z.number().int().nullish(),
    stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
    presence_penalty: z.number().min(-2).max(2).nullish(),
    frequency_penalty: z.number().min(-2).max(2).nullish(),
    response_format: ResponseFormat.nullish(),
    tools: z
      .array(z.looseObject({ type: z.string() }))
      .max(1_024)
      .nullish(),
    tool_choice: z.unknown().optional(),
    user: z.string().max(512).nullish(),
  })
  .meta({ id: 'ChatRequest' });
export type ChatRequest = z.output<typeof ChatRequest>;
export type ChatMessage = z.output<typeof ChatMessage>;

export const Usage = z
  .looseObject({ prompt_tokens: z.number(), completion_tokens: z.number(), total_tokens: z.number() })
  .meta({ id: 'Usage' });
export type Usage = z.output<typeof Usage>;

/** For the documentation; what providers answer is passed on as it is. */
export const ChatCompletion = z
  .looseObject({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.number(),
    model: z.string(),
    choices: z.array(
      z.looseObject({
        index: z.number(),
        message: ChatMessage,
        finish_reason: z.string().nullable(),
      }),
    ),
    usage: Usage.nullish(),
  })
  .meta({ id: 'ChatCompletion' });
export type ChatCompletion = z.output<typeof ChatCompletion>;

/** One event of a stream, https://platform.openai.com/docs/api-reference/chat/streaming */
export interface ChatChunk {
  readonly id: string;
  readonly object: 'chat.completion.chunk';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly {
    readonly index: number;
    readonly delta: Readonly<Record<string, unknown>>;
    readonly finish_reason: string | null;
  }[];
  readonly usage?: Usage | null;
}
