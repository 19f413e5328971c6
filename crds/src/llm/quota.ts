import { z } from 'zod';
import { withRules } from '../schema/rule.ts';
import { tenantName } from './names.ts';

const owner = {
  tenant: tenantName().describe('The tenant that this is for. Default: each tenant.').optional(),
  per: z
    .enum(['Tenant', 'User', 'ApiKey'])
    .describe(
      'Whether the use of the whole tenant is added up, that of each of its users, or that of each API key. Default `Tenant`.',
    )
    .optional(),
};

const amount = z.int().min(0).max(1_000_000_000_000_000);

export const budget = z.object({
  ...owner,
  amountMicros: amount.describe('What may be spent, in millionths of the currency of the prices: 5000000 are 5.00.'),
  period: z.enum(['Day', 'Month']).describe('Calendar days or months, in UTC.'),
});

export const limit = withRules(
  z.object({
    ...owner,
    requests: amount.describe('Requests that may be made.').optional(),
    tokens: amount.describe('Tokens that may be read and written.').optional(),
    period: z.enum(['Minute', 'Hour', 'Day']).describe('Calendar minutes, hours or days, in UTC.'),
  }),
  { rule: 'has(self.requests) || has(self.tokens)', message: 'give requests, tokens or both' },
);

export type LlmBudget = z.infer<typeof budget>;
export type LlmLimit = z.infer<typeof limit>;
