import type { Llm, LlmProvider, LlmRoute } from '@genai-platform/crds';
import { durationSeconds } from '@genai-platform/crds';
import { providerFiles } from './provider-files.ts';
import { useSettings } from './use-settings.ts';

/** What the spec calls `OpenAICompatible` is `openai-compatible` in the router's own settings. */
const kinds: Readonly<Record<LlmProvider['kind'], string>> = {
  OpenAI: 'openai',
  OpenAICompatible: 'openai-compatible',
  Anthropic: 'anthropic',
  Azure: 'azure',
  Bedrock: 'bedrock',
  Google: 'google',
};

type Json = Readonly<Record<string, unknown>>;
type Model = NonNullable<LlmProvider['models']>[number];

/** The settings of the router, in the router's own words: providers, routes, prices. */
export function llmSettingsFile({ providers = [], routes = [], priceVersion, ...llm }: Llm): Json {
  return {
    providers: providers.map(providerSettings),
    routes: [...routes.map(routeSettings), ...aliasRoutes(providers, routes)],
    ...pricesOf(providers, priceVersion),
    ...useSettings(llm),
  };
}

function providerSettings(provider: LlmProvider): Json {
  const { name, kind, baseUrl, connectTimeout, models = [] } = provider;
  const { keys, authority } = providerFiles(provider);
  return {
    name,
    kind: kinds[kind],
    ...(baseUrl !== undefined && { base_url: baseUrl }),
    ...(keys && (kind === 'Bedrock' ? { credentials_dir: keys.folder } : { api_key_file: `${keys.folder}/api-key` })),
    ...(provider.region !== undefined && { region: provider.region }),
    ...(provider.apiVersion !== undefined && { api_version: provider.apiVersion }),
    ...(authority && { ca_file: `${authority.folder}/ca.crt` }),
    ...(connectTimeout !== undefined && { connect_timeout_ms: milliseconds(connectTimeout) }),
    models: models.map((model) => ({
      name: model.name,
      ...(model.operations && { operations: model.operations.map((operation) => operation.toLowerCase()) }),
    })),
    ...(provider.tenants && { tenants: [...provider.tenants].sort() }),
  };
}

function routeSettings({ model, strategy, deadline, targets }: LlmRoute): Json {
  return {
    model,
    ...(strategy && { strategy: strategy.toLowerCase() }),
    ...(deadline !== undefined && { deadline_ms: milliseconds(deadline) }),
    targets: targets.map(({ provider, model: wanted, weight, timeout, idleTimeout }) => ({
      provider,
      model: wanted,
      ...(weight !== undefined && { weight }),
      ...(timeout !== undefined && { timeout_ms: milliseconds(timeout) }),
      ...(idleTimeout !== undefined && { idle_timeout_ms: milliseconds(idleTimeout) }),
    })),
  };
}

/** Models with one alias are a route through them, in the order of the providers. A route of that name goes before. */
function aliasRoutes(providers: readonly LlmProvider[], routes: readonly LlmRoute[]): Json[] {
  const targets = new Map<string, object[]>();
  for (const { name: provider, models = [] } of providers) {
    for (const { name: model, aliases = [] } of models) {
      for (const alias of aliases) targets.set(alias, [...(targets.get(alias) ?? []), { provider, model }]);
    }
  }
  return [...targets]
    .filter(([alias]) => !routes.some(({ model }) => model === alias))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([alias, list]) => ({ model: alias, targets: list }));
}

function pricesOf(providers: readonly LlmProvider[], version = '1'): Json {
  const prices = providers.flatMap(({ name, models = [] }) => models.flatMap((model) => priceOf(name, model)));
  return prices.length === 0 ? {} : { prices: { version, models: Object.fromEntries(prices) } };
}

function priceOf(provider: string, { name, price }: Model): [string, object][] {
  if (price === undefined) return [];
  const { cacheReadMicrosPerMillionTokens: cacheRead, cacheWriteMicrosPerMillionTokens: cacheWrite } = price;
  const prices = {
    prompt_micros_per_million: price.promptMicrosPerMillionTokens,
    completion_micros_per_million: price.completionMicrosPerMillionTokens ?? 0,
    ...(cacheRead !== undefined && { cache_read_micros_per_million: cacheRead }),
    ...(cacheWrite !== undefined && { cache_write_micros_per_million: cacheWrite }),
  };
  return [[`${provider}/${name}`, prices]];
}

function milliseconds(duration: string): number {
  return durationSeconds(duration) * 1_000;
}
