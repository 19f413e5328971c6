import { z } from 'zod';
import { withRules } from './schema/rule.ts';

export const autoscaling = withRules(
  z.object({
    minReplicas: z.int().min(1).max(100).describe('Fewest pods. Default by profile.').optional(),
    maxReplicas: z.int().min(1).max(100).describe('Most pods. Default by profile, at least `minReplicas`.').optional(),
    targetCPUUtilizationPercentage: z
      .int()
      .min(10)
      .max(100)
      .describe('Average use of the requested processor time that the number of pods is chosen for. Default 80.')
      .optional(),
  }),
  {
    rule: '!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas',
    message: 'minReplicas must not exceed maxReplicas',
    fieldPath: '.minReplicas',
  },
).describe('Bounds of the HorizontalPodAutoscaler.');

export type Autoscaling = z.infer<typeof autoscaling>;
