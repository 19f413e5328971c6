import type { KubernetesObject, PlatformInput } from '@genai-platform/cdk8s';
import { catalogue, keysOf, objectsOf, render, wantedSecrets } from '@genai-platform/cdk8s';
import { AuthConfig } from '@genai-platform/auth/config';
import { parseConfig } from '@genai-platform/common/core';
import type { GenAIPlatformSpec } from '@genai-platform/crds';
import { llmOperations, llmProviderKinds, profiles } from '@genai-platform/crds';
import { DatabaseSetupConfig } from '@genai-platform/database-setup/config';
import { FormatConversionConfig } from '@genai-platform/format-conversion/config';
import { GatewayConfig } from '@genai-platform/gateway/config';
import { LlmRouterConfig, LlmSettings, providerKinds } from '@genai-platform/llm-router/config';
import { RagConfig } from '@genai-platform/rag/config';
import { SearchConfig } from '@genai-platform/search/config';
import type { z } from 'zod';

/** The configuration of each program, by the name of its container's `SERVICE_NAME`. */
const schemas: Readonly<Record<string, z.ZodType>> = {
  auth: AuthConfig,
  'database-setup': DatabaseSetupConfig,
  'format-conversion': FormatConversionConfig,
  gateway: GatewayConfig,
  'llm-router': LlmRouterConfig,
  rag: RagConfig,
  search: SearchConfig,
};

const external = {
  host: 'data.example.com',
  credentialsSecretRef: { name: 'admin' },
  tls: { caSecretRef: { name: 'ca', key: 'ca.pem' } },
};

const specs: Readonly<Record<string, GenAIPlatformSpec>> = {
  ...Object.fromEntries(profiles.map((profile) => [profile, { profile }])),
  'an external database and cache': { profile: 'dev', database: { external }, cache: { external } },
  'everything that has a variable': {
    profile: 'dev',
    version: '2.0.0-rc.1',
    observability: { otlpEndpoint: 'http://otel-collector.monitoring:4318' },
    gateway: {
      cors: { allowedOrigins: ['https://app.example.com', 'http://localhost:3000'] },
      rateLimit: { requestsPerSecond: 1_000_000, burst: 2_000_000 },
    },
    ingress: { host: 'ai.example.com', trustedProxyHops: 8 },
    auth: {
      signUp: 'BetaToken',
      publicUrl: 'https://ai.example.com',
      passwordResetUrl: 'https://app.example.com/reset',
      tokens: { accessTokenSeconds: 300, refreshTokenSeconds: 3_600, sessionSeconds: 7_200, signingKeyDays: 7 },
      smtp: { host: 'mail.example.com', from: 'no-reply@example.com', credentialsSecretRef: { name: 'smtp' } },
    },
    services: { search: { autoscaling: { maxReplicas: 100 } } },
    llm: {
      priceVersion: '2026-11',
      embedded: { enabled: true },
      budgets: [{ tenant: 'acme', per: 'User', amountMicros: 5_000_000, period: 'Month' }],
      limits: [{ requests: 60, tokens: 100_000, period: 'Minute' }],
      quotaFailurePolicy: 'Allow',
      caches: { exact: { ttl: '1h' }, semantic: { ttl: '8760h', thresholdPercent: 97, tenants: ['acme'] } },
      providers: [
        {
          name: 'house',
          kind: 'OpenAICompatible',
          baseUrl: 'https://vllm.models.svc:8443/v1',
          credentialsSecretRef: { name: 'house', key: 'token' },
          caSecretRef: { name: 'house', key: 'ca.pem' },
          connectTimeout: '1m',
          models: [
            {
              name: 'llama',
              aliases: ['chat', 'writer'],
              operations: [...llmOperations],
              price: {
                promptMicrosPerMillionTokens: 1,
                completionMicrosPerMillionTokens: 1_000_000_000_000,
                cacheReadMicrosPerMillionTokens: 0,
                cacheWriteMicrosPerMillionTokens: 2,
              },
            },
          ],
        },
        ...llmProviderKinds.map((kind) => ({
          name: kind.toLowerCase(),
          kind,
          baseUrl: 'https://llm.example.com',
          credentialsSecretRef: { name: 'keys' },
          ...(kind === 'Bedrock' && { region: 'eu-central-1' }),
          ...(kind === 'Azure' && { apiVersion: '2024-10-21' }),
          models: [{ name: 'large', aliases: ['chat'] }],
        })),
      ],
      routes: (['Order', 'Weight', 'Cost', 'Latency'] as const).map((strategy) => ({
        model: strategy,
        strategy,
        deadline: '1h',
        targets: [
          { provider: 'house', model: 'llama', weight: 1_000, timeout: '1h', idleTimeout: '1s' },
          { provider: 'embedded', model: 'smollm2-135m-instruct' },
        ],
      })),
    },
  },
};

interface Container {
  readonly name: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

/** The environment of every container that runs a program of ours. */
function environments(objects: readonly KubernetesObject[]): [name: string, env: Record<string, string>][] {
  return objects.flatMap(({ kind, spec }) => {
    if (kind !== 'Deployment' && kind !== 'Job') return [];
    const { template } = spec as { template: { spec: { containers: readonly Container[] } } };
    return template.spec.containers.map(({ name, env = [] }): [string, Record<string, string>] => [
      name,
      Object.fromEntries(env.map((variable) => [variable.name, variable.value ?? ''])),
    ]);
  });
}

function rendered(spec: GenAIPlatformSpec): KubernetesObject[] {
  const platform: PlatformInput = { metadata: { name: 'acme', namespace: 'acme' }, spec };
  const values = wantedSecrets(platform).map((secret) => [
    secret.name,
    Object.fromEntries(keysOf(secret).map((key) => [key, 'value'])),
  ]);
  const operator = { namespace: 'genai-system', podLabels: {} };
  const secrets = Object.fromEntries(values) as Record<string, Record<string, string>>;
  return objectsOf(render(platform, { release: '1.4.0', operator, secrets }));
}

describe.each(Object.entries(specs))('with %s', (_what, spec) => {
  test.each(environments(rendered(spec)))('the environment of %s is what its program expects', (_name, env) => {
    const schema = schemas[env['SERVICE_NAME'] ?? ''];
    if (schema === undefined) throw new Error(`no program is known as ${env['SERVICE_NAME']}`);
    expect(parseConfig(schema, env)).toMatchObject({ SERVICE_NAME: env['SERVICE_NAME'] });
  });

  test.each(environments(rendered(spec)))('%s is given no variable that its program does not know', (_name, env) => {
    const { shape } = schemas[env['SERVICE_NAME'] ?? ''] as z.ZodObject;
    expect(Object.keys(env).filter((name) => !(name in shape))).toEqual([]);
  });
});

test('the settings of the LLM router are what it expects, with every kind of provider', () => {
  const objects = rendered(specs['everything that has a variable'] as GenAIPlatformSpec);
  const { data } = objects.find(({ metadata }) => metadata.name === 'acme-llm-settings') as {
    data?: Record<string, string>;
  };
  const settings = LlmSettings.parse(JSON.parse(data?.['settings.json'] ?? ''));
  expect(settings.providers.map(({ kind }) => kind)).toEqual(['openai-compatible', ...providerKinds]);
  expect(settings.quotas).toHaveLength(3);
  expect(settings.caches).toMatchObject({ exact: { ttl_seconds: 3_600 }, semantic: { threshold: 0.97 } });
  expect(settings.routes.find(({ model }) => model === 'chat')?.targets).toHaveLength(1 + providerKinds.length);
});

test('every workload of the catalogue has its configuration checked here', () => {
  expect(catalogue.map(({ name }) => name).filter((name) => !(name in schemas))).toEqual([]);
});
