import { z } from 'zod';
import { affinity } from './affinity.ts';
import { annotations, labels } from './schema/label.ts';
import { withMeta, withRules } from './schema/rule.ts';
import { objectName } from './schema/text.ts';

const toleration = withRules(
  z.object({
    key: z.string().max(317).describe('Key of the taint; absent, with `Exists`, means every taint.').optional(),
    operator: z.enum(['Exists', 'Equal']).describe('How the value is compared. Default `Equal`.').optional(),
    value: z.string().max(63).describe('Value of the taint, with `Equal`.').optional(),
    effect: z
      .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
      .describe('Effect of the taint; absent means every effect.')
      .optional(),
    tolerationSeconds: z
      .int()
      .min(0)
      .max(86_400)
      .describe('How long pods stay on a node after the taint appears, in seconds.')
      .optional(),
  }),
  {
    rule: `!has(self.operator) || self.operator != 'Exists' || !has(self.value) || self.value == ''`,
    message: 'a toleration with operator Exists has no value',
    fieldPath: '.value',
    reason: 'FieldValueForbidden',
  },
  {
    rule: `(has(self.key) && self.key != '') || (has(self.operator) && self.operator == 'Exists')`,
    message: 'a toleration without a key tolerates every taint and needs operator Exists',
    fieldPath: '.operator',
  },
  {
    rule: `!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')`,
    message: 'tolerationSeconds is for the effect NoExecute only',
    fieldPath: '.tolerationSeconds',
    reason: 'FieldValueForbidden',
  },
);

/** Where pods run and what is written on them; the same for every workload, the database and the cache. */
export const scheduling = {
  nodeSelector: labels().describe('Labels of the nodes that the pods may run on.').optional(),
  tolerations: withMeta(z.array(toleration).max(16), { 'x-kubernetes-list-type': 'atomic' })
    .describe('Taints of nodes that the pods accept.')
    .optional(),
  affinity: affinity.optional(),
  priorityClassName: objectName().describe('PriorityClass of the pods.').optional(),
  annotations: annotations().describe('Annotations of the pods.').optional(),
};

export type Scheduling = z.infer<z.ZodObject<typeof scheduling>>;
