import { z } from 'zod';
import { autoscaling } from './autoscaling.ts';
import { environment } from './environment.ts';
import { resources } from './resources.ts';
import { scheduling } from './scheduling.ts';
import type { Rule } from './schema/rule.ts';
import { withRules } from './schema/rule.ts';

/** The fields of every workload that runs as a Deployment. */
export const workloadFields = {
  replicas: z.int().min(1).max(100).describe('A fixed number of pods, without a HorizontalPodAutoscaler.').optional(),
  autoscaling: autoscaling.optional(),
  resources: resources.optional(),
  env: environment.optional(),
  ...scheduling,
};

export const replicasOrAutoscaling: Rule = {
  rule: '!(has(self.replicas) && has(self.autoscaling))',
  message: 'give replicas (a fixed number) or autoscaling (bounds), not both',
  fieldPath: '.replicas',
};

export const workload = withRules(z.object(workloadFields), replicasOrAutoscaling);

export type Workload = z.infer<typeof workload>;
