import { z } from 'zod';
import { withRules } from './schema/rule.ts';

const otlpEndpoint = withRules(
  z.string().max(512),
  {
    rule: `isURL(self) && url(self).getScheme() in ['http', 'https'] && url(self).getHostname() != ''`,
    message: 'must be an http or https URL, for example http://otel-collector.monitoring:4318',
  },
  {
    rule: `!isURL(self) || url(self).getQuery().size() == 0`,
    message: 'must have no query: the workloads append /v1/traces to it',
  },
);

export const observability = z.object({
  otlpEndpoint: otlpEndpoint
    .describe('Where the workloads send traces, by OTLP over HTTP. Default: nowhere.')
    .optional(),
});

export type Observability = z.infer<typeof observability>;
