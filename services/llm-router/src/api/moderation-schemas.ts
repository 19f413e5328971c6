import { z } from 'zod';

/** https://platform.openai.com/docs/api-reference/moderations/create */
export const ModerationRequest = z
  .looseObject({
    /** By default the first model that moderates. */
    model: z.string().min(1).max(256).nullish(),
    input: z.union([
      z.string(),
      z
        .array(z.union([z.string(), z.looseObject({ type: z.string() })]))
        .min(1)
        .max(2_048),
    ]),
  })
  .meta({ id: 'ModerationRequest' });
export type ModerationRequest = z.output<typeof ModerationRequest>;

export const ModerationReply = z
  .looseObject({
    id: z.string(),
    model: z.string(),
    results: z.array(z.looseObject({ flagged: z.boolean() })),
  })
  .meta({ id: 'ModerationReply' });
export type ModerationReply = z.output<typeof ModerationReply>;
