import { useSettings } from '../../src/llm/use-settings.ts';

test('budgets and limits are quotas in the words of the router', () => {
  const settings = useSettings({
    budgets: [
      { amountMicros: 5_000_000, period: 'Month' },
      { tenant: 'acme', per: 'User', amountMicros: 0, period: 'Day' },
    ],
    limits: [{ per: 'ApiKey', requests: 60, tokens: 100_000, period: 'Minute' }],
    quotaFailurePolicy: 'Allow',
  });
  expect(settings).toEqual({
    quotas: [
      { unit: 'micros', amount: 5_000_000, period: 'month' },
      { tenant: 'acme', per: 'user', unit: 'micros', amount: 0, period: 'day' },
      { per: 'api_key', unit: 'requests', amount: 60, period: 'minute' },
      { per: 'api_key', unit: 'tokens', amount: 100_000, period: 'minute' },
    ],
    quotas_without_database: 'allow',
  });
});
