import { z } from 'zod';
import { withMeta, withRules } from './schema/rule.ts';
import { duration } from './schema/duration.ts';

/** How many pods, or which part of them in percent. */
function podCount(): z.ZodUnion<[z.ZodString, z.ZodInt]> {
  return withRules(
    withMeta(z.union([z.string().max(4), z.int()]), { 'x-kubernetes-int-or-string': true, maxLength: 4 }),
    {
      rule: `string(self).matches(r'^([0-9]|[1-9][0-9]|100)%?$')`,
      message: 'must be a number of pods from 0 to 100 or a percentage, for example 1 or 25%',
    },
  );
}

const isNone = (field: string): string => `(string(self.${field}) == '0' || string(self.${field}) == '0%')`;

export const rollout = withRules(
  z.object({
    strategy: z
      .enum(['RollingUpdate', 'Recreate'])
      .describe(
        'How the pods of a workload are replaced: new ones before old ones go, or (`Recreate`, which interrupts the ' +
          'service) old ones first, where there is no room for both. Default `RollingUpdate`.',
      )
      .optional(),
    maxUnavailable: podCount()
      .describe('Pods of a workload that may be missing during a rolling update, or a percentage. Default 0.')
      .optional(),
    maxSurge: podCount()
      .describe('Pods of a workload that may be added during a rolling update, or a percentage. Default 1.')
      .optional(),
    progressDeadline: duration({ min: '10s', max: '24h' })
      .describe(
        'How long the pods of a workload may make no progress before the rollout has failed. Default by profile.',
      )
      .optional(),
    paused: z
      .boolean()
      .describe(
        'Begins nothing of a rollout any more: no migration, no further wave, no return to an earlier revision. What ' +
          'has begun goes on to the end of its wave. Default false.',
      )
      .optional(),
    rollbackPolicy: z
      .enum(['Auto', 'Manual'])
      .describe(
        'What happens when a rollout fails: the last good revision comes back by itself, or everything stays as it is ' +
          'until the specification is changed. Default by profile.',
      )
      .optional(),
    revisionHistoryLimit: z
      .int()
      .min(0)
      .max(100)
      .describe('Revisions that are kept beside the current and the last good one. Default 10.')
      .optional(),
  }),
  {
    rule: `!has(self.strategy) || self.strategy != 'Recreate' || (!has(self.maxUnavailable) && !has(self.maxSurge))`,
    message: 'maxUnavailable and maxSurge are for the strategy RollingUpdate only',
    fieldPath: '.strategy',
    reason: 'FieldValueForbidden',
  },
  {
    rule: `!(has(self.maxSurge) && ${isNone('maxSurge')} && (!has(self.maxUnavailable) || ${isNone('maxUnavailable')}))`,
    message: 'maxUnavailable must be more than 0 when maxSurge is 0: no pod could ever be replaced',
    fieldPath: '.maxUnavailable',
  },
);

export type Rollout = z.infer<typeof rollout>;
