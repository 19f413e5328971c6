import { z } from 'zod';
import { withMeta } from '../schema/rule.ts';
import { modelName } from './names.ts';

const microsPerMillionTokens = z.int().min(0).max(1_000_000_000_000);

const price = z.object({
  promptMicrosPerMillionTokens: microsPerMillionTokens.describe(
    'For a million tokens that are read, in millionths of your currency: 2500000 are 2.50.',
  ),
  completionMicrosPerMillionTokens: microsPerMillionTokens
    .describe('For a million tokens that are written. Default 0.')
    .optional(),
  cacheReadMicrosPerMillionTokens: microsPerMillionTokens
    .describe(
      'For a million tokens of prompts that the provider has in its cache. By default as any other that is read.',
    )
    .optional(),
  cacheWriteMicrosPerMillionTokens: microsPerMillionTokens
    .describe('For a million tokens of prompts that it writes to its cache. By default as any other that is read.')
    .optional(),
});

/** What a model can be asked for, in the order of the router's own names. */
export const llmOperations = ['Chat', 'Completions', 'Embeddings', 'Rerank', 'Moderations'] as const;

export const model = z.object({
  name: modelName().describe("The provider's own name of the model; of Azure, the deployment."),
  aliases: withMeta(z.array(modelName()).min(1).max(8), { 'x-kubernetes-list-type': 'set' })
    .describe('Further names by which requests may ask for it. One that several models have is a route through them.')
    .optional(),
  operations: withMeta(z.array(z.enum(llmOperations)).min(1).max(llmOperations.length), {
    'x-kubernetes-list-type': 'set',
  })
    .describe('What it can be asked for. Default `[Chat]`.')
    .optional(),
  price: price.describe('What it costs, for costs in decisions and routes by cost. Default: not counted.').optional(),
});
