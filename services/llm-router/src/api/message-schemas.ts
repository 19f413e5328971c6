import { z } from 'zod';

const Block = z.looseObject({ type: z.string() });
const Content = z.union([z.string(), z.array(Block).max(4_096)]);

/**
 * https://docs.anthropic.com/en/api/messages. What is not described here goes to Anthropic's models as it is:
 * `cache_control`, blocks of thinking, documents, servers' tools.
 */
export const MessageRequest = z
  .looseObject({
    model: z.string().min(1).max(256),
    messages: z
      .array(z.looseObject({ role: z.enum(['user', 'assistant', 'system']), content: Content }))
      .min(1)
      .max(4_096),
    max_tokens: z.number().int().min(1).max(1_000_000),
    system: Content.nullish(),
    stop_sequences: z.array(z.string()).max(16).nullish(),
    stream: z.boolean().nullish(),
    temperature: z.number().min(0).max(1).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    thinking: z.looseObject({ type: z.string(), budget_tokens: z.number().int().min(1).optional() }).nullish(),
    output_config: z
      .looseObject({
        effort: z.string().nullish(),
        format: z.looseObject({ type: z.string(), schema: z.record(z.string(), z.unknown()).optional() }).nullish(),
      })
      .nullish(),
    tools: z
      .array(z.looseObject({ name: z.string().optional(), input_schema: z.looseObject({}).optional() }))
      .max(1_024)
      .nullish(),
    tool_choice: z
      .looseObject({ type: z.enum(['auto', 'any', 'tool', 'none']), name: z.string().optional() })
      .nullish(),
    metadata: z.looseObject({ user_id: z.string().max(512).nullish() }).nullish(),
  })
  .meta({ id: 'MessageRequest' });
export type MessageRequest = z.output<typeof MessageRequest>;
export type MessageBlock = z.output<typeof Block>;

/** https://docs.anthropic.com/en/api/messages-count-tokens */
export const TokenCountRequest = MessageRequest.extend({ max_tokens: MessageRequest.shape.max_tokens.optional() }).meta(
  {
    id: 'TokenCountRequest',
  },
);
export type TokenCountRequest = z.output<typeof TokenCountRequest>;

export const TokenCount = z
  .looseObject({
    input_tokens: z.number(),
    /** Whether nobody counted: then there are rather fewer. */
    estimated: z.literal(true).optional(),
  })
  .meta({ id: 'TokenCount' });
export type TokenCount = z.output<typeof TokenCount>;

/** Tokens that were read from the provider's cache, or written to it, are not among `input_tokens`. */
const MessageUsage = z.looseObject({
  input_tokens: z.number(),
  output_tokens: z.number(),
  cache_creation_input_tokens: z.number().nullish(),
  cache_read_input_tokens: z.number().nullish(),
});

export const Message = z
  .looseObject({
    id: z.string(),
    type: z.literal('message'),
    role: z.literal('assistant'),
    model: z.string(),
    content: z.array(Block),
    stop_reason: z.string().nullable(),
    stop_sequence: z.string().nullable(),
    usage: MessageUsage,
  })
  .meta({ id: 'Message' });
export type Message = z.output<typeof Message>;

/** One event of a stream, https://docs.anthropic.com/en/docs/build-with-claude/streaming */
export type MessageEvent = Readonly<{ type: string } & Record<string, unknown>>;
