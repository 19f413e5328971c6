import { z } from 'zod';

const Block = z.looseObject({ type: z.string() });
const Content = z.union([z.string(), z.array(Block).max(4_096)]);

/** https://docs.anthropic.com/en/api/messages */
export const MessageRequest = z
  .looseObject({
    model: z.string().min(1).max(256),
    messages: z
      .array(z.looseObject({ role: z.enum(['user', 'assistant']), content: Content }))
      .min(1)
      .max(4_096),
    max_tokens: z.number().int().min(1).max(1_000_000),
    system: Content.nullish(),
    stop_sequences: z.array(z.string()).max(16).nullish(),
    stream: z.boolean().nullish(),
    temperature: z.number().min(0).max(1).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    tools: z
      .array(z.looseObject({ name: z.string(), input_schema: z.looseObject({}).optional() }))
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

export const Message = z
  .looseObject({
    id: z.string(),
    type: z.literal('message'),
    role: z.literal('assistant'),
    model: z.string(),
    content: z.array(Block),
    stop_reason: z.string().nullable(),
    stop_sequence: z.string().nullable(),
    usage: z.looseObject({ input_tokens: z.number(), output_tokens: z.number() }),
  })
  .meta({ id: 'Message' });
export type Message = z.output<typeof Message>;
