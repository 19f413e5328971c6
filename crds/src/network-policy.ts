import { z } from 'zod';
import { withMeta } from './schema/rule.ts';
import { namespaceName } from './schema/text.ts';

const namespaces = withMeta(z.array(namespaceName()).min(1).max(16), { 'x-kubernetes-list-type': 'set' });

export const networkPolicy = z.object({
  gatewayFrom: namespaces
    .describe('Namespaces whose pods may reach the gateway, for example that of the ingress controller. Default: all.')
    .optional(),
  metricsFrom: namespaces
    .describe(
      'Namespaces whose pods may read the metrics of the workloads, for example that of Prometheus. Default: none.',
    )
    .optional(),
});

export type NetworkPolicy = z.infer<typeof networkPolicy>;
