import { z } from 'zod';
import { duration } from '../schema/duration.ts';
import { withMeta } from '../schema/rule.ts';
import { modelName, providerName } from './names.ts';

const target = z.object({
  provider: providerName().describe('Name of the provider, or `embedded`.'),
  model: modelName().describe("The provider's own name of the model."),
  weight: z
    .int()
    .min(0)
    .max(1_000)
    .describe('Share of the requests with the strategy `Weight`; 0 only after all others. Default 1.')
    .optional(),
  timeout: duration({ min: '1s', max: '1h' })
    .describe('Longest time of one attempt: until its reply, or the first event of its stream. Default: the deadline.')
    .optional(),
  idleTimeout: duration({ min: '1s', max: '1h' })
    .describe('Longest silence between two events of a stream. Default 30s.')
    .optional(),
});

export const route = z.object({
  model: modelName().describe('Name that requests ask for.'),
  strategy: z
    .enum(['Order', 'Weight', 'Cost', 'Latency'])
    .describe(
      'Which target is asked first: the first one, by lot in proportion to the weights, the cheapest by its price, the ' +
        'fastest by what was measured. The others follow where it fails. Default `Order`.',
    )
    .optional(),
  deadline: duration({ min: '1s', max: '1h' })
    .describe('For all attempts together, until a reply or the first event of a stream. Default 2m.')
    .optional(),
  targets: withMeta(z.array(target).min(1).max(8), { 'x-kubernetes-list-type': 'atomic' }).describe(
    'Who may answer, in the order in which they are asked.',
  ),
});

export type LlmRoute = z.infer<typeof route>;
