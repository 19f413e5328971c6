import { z } from 'zod';

const rotation = z.object({
  intervalDays: z
    .int()
    .min(1)
    .max(3_650)
    .describe(
      'Age in days at which the passwords of the database and the cache are replaced, without a failed request. ' +
        'Default: never by itself. A new value of the annotation `genaiplatform.io/rotate-credentials` does it at once.',
    )
    .optional(),
});

export const secrets = z.object({
  rotation: rotation.describe('When generated passwords are replaced.').optional(),
});

export type SecretsSettings = z.infer<typeof secrets>;
