import { z } from 'zod';
import { duration } from '../schema/duration.ts';
import { withMeta } from '../schema/rule.ts';

const ttl = duration({ min: '1s', max: '8760h' }).describe('How long an answer is kept.');

export const caches = z.object({
  exact: z
    .object({ ttl })
    .describe('Answers to equal requests of one tenant, in the cache of the platform. Default: none are kept.')
    .optional(),
  semantic: z
    .object({
      ttl,
      thresholdPercent: z
        .int()
        .min(50)
        .max(100)
        .describe('Similarity (cosine) from which on two questions are the same. Default 95.')
        .optional(),
      tenants: withMeta(z.array(z.string().min(1).max(256)).min(1).max(256), { 'x-kubernetes-list-type': 'set' })
        .describe('The tenants that want it. Default: all.')
        .optional(),
    })
    .describe(
      'Answers to questions that mean the same, of one tenant and where all else in the request is equal, in the ' +
        'database. It needs the embedded encoder. Default: none are kept.',
    )
    .optional(),
});
