import { z } from 'zod';

/** Names of the profiles, from the smallest platform to the largest. */
export const profiles = ['beta', 'dev', 'staging', 'production'] as const;

export const profile = z
  .enum(profiles)
  .describe(
    'Fills every default: sizes, replicas, storage, limits. `spec: {profile: dev}` alone is a complete platform; ' +
      'the table at the end of the reference says what each profile means.',
  );

export type Profile = z.infer<typeof profile>;
