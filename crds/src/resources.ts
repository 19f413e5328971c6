import { z } from 'zod';
import { withRules } from './schema/rule.ts';
import { celQuantity, quantity } from './schema/quantity.ts';

const amounts = z.object({
  cpu: quantity('500m').describe('Processor time, in cores.').optional(),
  memory: quantity('512Mi').describe('Memory, in bytes.').optional(),
  'ephemeral-storage': quantity('1Gi').describe('Space for temporary files, in bytes.').optional(),
});

function requestFitsLimit(resource: 'cpu' | 'memory'): { rule: string; message: string; fieldPath: string } {
  const both =
    `has(self.requests) && has(self.requests.${resource}) && has(self.limits) && has(self.limits.${resource})` +
    ` && isQuantity(string(self.requests.${resource})) && isQuantity(string(self.limits.${resource}))`;
  const fits = `${celQuantity(`self.requests.${resource}`)}.compareTo(${celQuantity(`self.limits.${resource}`)}) <= 0`;
  return {
    rule: `!(${both}) || ${fits}`,
    message: `the request of ${resource} must not exceed its limit`,
    fieldPath: `.requests.${resource}`,
  };
}

export const resources = withRules(
  z.object({
    requests: amounts.describe('What the scheduler reserves for one pod.').optional(),
    limits: amounts.describe('What one pod may use at most.').optional(),
  }),
  requestFitsLimit('cpu'),
  requestFitsLimit('memory'),
).describe('Requests and limits of one pod; what is not given comes from the profile.');

export type Resources = z.infer<typeof resources>;
