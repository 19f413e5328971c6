import { z } from 'zod';
import { withRules } from './schema/rule.ts';
import { replicasOrAutoscaling, workloadFields } from './workload.ts';

/** The services and what each is for. A service is added by a line here, one in cdk8s's catalogue and its folder. */
export const serviceDescriptions = {
  formatConversion: 'Converts documents between formats.',
  search: 'Indexes documents and finds them again.',
  llmRouter: 'Answers chats and embeds texts, by providers or by its own small models.',
  rag: 'Takes documents in, finds passages in them, and answers questions with citations.',
} as const;

const service = withRules(
  z.object({
    enabled: z.boolean().describe('Whether the service runs. Default true.').optional(),
    ...workloadFields,
  }),
  replicasOrAutoscaling,
);

type ServiceFields = { readonly [Name in keyof typeof serviceDescriptions]: z.ZodOptional<typeof service> };

export const services = z.object(
  Object.fromEntries(
    Object.entries(serviceDescriptions).map(([name, text]) => [name, service.describe(text).optional()]),
  ) as ServiceFields,
);

export type Service = z.infer<typeof service>;
export type Services = z.infer<typeof services>;
export type ServiceName = keyof typeof serviceDescriptions;
