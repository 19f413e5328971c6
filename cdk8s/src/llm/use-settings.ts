import type { Llm, LlmBudget, LlmLimit } from '@genai-platform/crds';
import { durationSeconds } from '@genai-platform/crds';

/** What the spec calls `ApiKey` is `api_key` in the router's own settings. */
const owners: Readonly<Record<NonNullable<LlmLimit['per']>, string>> = {
  Tenant: 'tenant',
  User: 'user',
  ApiKey: 'api_key',
};

type Json = Readonly<Record<string, unknown>>;

/** What may be used, and what is kept of answers, in the router's own words. */
export function useSettings({
  budgets = [],
  limits = [],
  quotaFailurePolicy,
  caches,
}: Pick<Llm, 'budgets' | 'limits' | 'quotaFailurePolicy' | 'caches'>): Json {
  const quotas = [...budgets.map(budgetQuota), ...limits.flatMap(limitQuotas)];
  return {
    ...(quotas.length > 0 && { quotas }),
    ...(quotaFailurePolicy && { quotas_without_database: quotaFailurePolicy.toLowerCase() }),
    ...(caches && { caches: cacheSettings(caches) }),
  };
}

function budgetQuota({ amountMicros: amount, ...budget }: LlmBudget): Json {
  return { ...ownerOf(budget), unit: 'micros', amount };
}

function limitQuotas({ requests, tokens, ...limit }: LlmLimit): Json[] {
  return Object.entries({ requests, tokens }).flatMap(([unit, amount]) =>
    amount === undefined ? [] : [{ ...ownerOf(limit), unit, amount }],
  );
}

function ownerOf({ tenant, per, period }: Pick<LlmLimit | LlmBudget, 'tenant' | 'per' | 'period'>): Json {
  return {
    ...(tenant !== undefined && { tenant }),
    ...(per && { per: owners[per] }),
    period: period.toLowerCase(),
  };
}

function cacheSettings({ exact, semantic }: NonNullable<Llm['caches']>): Json {
  const { ttl, thresholdPercent, tenants } = semantic ?? {};
  return {
    ...(exact && { exact: { ttl_seconds: durationSeconds(exact.ttl) } }),
    ...(ttl !== undefined && {
      semantic: {
        ttl_seconds: durationSeconds(ttl),
        ...(thresholdPercent !== undefined && { threshold: thresholdPercent / 100 }),
        ...(tenants && { tenants: [...tenants].sort() }),
      },
    }),
  };
}
