import { z } from 'zod';

export const credential = z.object({
  secret: z.string().max(253).describe('Name of the Secret.'),
  phase: z
    .enum(['Settled', 'Prepared', 'Switched'])
    .describe(
      '`Prepared`: the next password is being made valid. `Switched`: the workload changes over to it, and the ' +
        'previous one is still valid.',
    ),
  rotatedAt: z
    .string()
    .max(64)
    .meta({ description: 'When the last rotation began. Absent before the first.', format: 'date-time' })
    .optional(),
});

export type CredentialStatus = z.infer<typeof credential>;
