import { z } from 'zod';

/** How many entries the list keeps; the latest. */
export const driftCapacity = 20;

export const driftEntry = z.object({
  kind: z.string().max(63).describe('Kind of the object.'),
  name: z.string().max(253).describe('Name of the object.'),
  change: z.enum(['Edited', 'Deleted']).describe('What somebody did to it.'),
  field: z.string().max(512).describe('Path of the field that was edited.').optional(),
  manager: z
    .string()
    .max(128)
    .describe('Field manager that wrote it, for example `kubectl-edit`. The API server does not tell who deletes.')
    .optional(),
  time: z.string().max(64).meta({
    description: 'When the manager wrote; of a deletion, when the object was made again.',
    format: 'date-time',
  }),
});

export type DriftEntry = z.infer<typeof driftEntry>;
