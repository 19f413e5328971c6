import { z } from 'zod';
import { withMeta, withRules } from './schema/rule.ts';
import { text } from './schema/text.ts';
import { replicasOrAutoscaling, workloadFields } from './workload.ts';

const rateLimit = withRules(
  z.object({
    requestsPerSecond: z
      .int()
      .min(1)
      .max(1_000_000)
      .describe('Requests per second that one client may make in the long run. Default by profile.')
      .optional(),
    burst: z
      .int()
      .min(1)
      .max(2_000_000)
      .describe('Requests that one client may make at once. Default by profile, at least `requestsPerSecond`.')
      .optional(),
  }),
  {
    rule: '!has(self.requestsPerSecond) || !has(self.burst) || self.requestsPerSecond <= self.burst',
    message: 'burst must be at least requestsPerSecond',
    fieldPath: '.burst',
  },
);

const origin = text({
  max: 261,
  pattern: /^(\*|https?:\/\/[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?)$/,
  message: 'must be an origin such as https://app.example.com, or *',
});

const cors = z.object({
  allowedOrigins: withMeta(z.array(origin).min(1).max(32), { 'x-kubernetes-list-type': 'set' }).describe(
    'Origins of web pages whose scripts may call the gateway.',
  ),
});

export const gateway = withRules(
  z.object({
    ...workloadFields,
    rateLimit: rateLimit.describe('How many requests one client may make.').optional(),
    cors: cors.describe('Which web pages may call the gateway. Default: none.').optional(),
  }),
  replicasOrAutoscaling,
);

export type Gateway = z.infer<typeof gateway>;
