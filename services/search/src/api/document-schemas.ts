import { z } from 'zod';

export const DocumentReply = z
  .object({
    object: z.literal('search.document'),
    id: z.string(),
    fields: z.record(z.string(), z.unknown()),
    indexed_at: z.string(),
  })
  .meta({ id: 'Document' });

export const ItemResult = z
  .object({
    id: z.string().nullable(),
    line: z.int().meta({ description: 'Of the request, from 1.' }),
    status: z.int().meta({ description: '201 created, 200 replaced or deleted, 4xx not taken.' }),
    code: z.string().optional(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'ItemResult' });

export const BulkReply = z
  .object({
    object: z.literal('list'),
    data: z.array(ItemResult),
    succeeded: z.int(),
    failed: z.int(),
    took_ms: z.number(),
  })
  .meta({ id: 'BulkReply' });

export type ItemResult = z.input<typeof ItemResult>;
export type BulkReply = z.input<typeof BulkReply>;
