import type { Cases } from './case.ts';
import { dev } from './case.ts';

type Fields = Readonly<Record<string, unknown>>;
const llm = (fields: Fields) => dev({ llm: fields });
const credentialsSecretRef = { name: 'keys' };
const openai = { name: 'openai', kind: 'OpenAI', credentialsSecretRef };
const house = { name: 'house', kind: 'OpenAICompatible', baseUrl: 'http://vllm.models.svc:8000/v1' };
const provider = (fields: Fields) => llm({ providers: [{ ...house, ...fields }] });
const route = (targets: readonly Fields[], more: Fields = {}) =>
  llm({ providers: [house], routes: [{ model: 'assistant', targets, ...more }] });

export const llmCases: Cases = {
  accepted: [
    ['Bedrock by a role', llm({ providers: [{ name: 'aws', kind: 'Bedrock', region: 'us-gov-west-1' }] })],
    [
      'Bedrock by keys',
      llm({ providers: [{ name: 'aws', kind: 'Bedrock', region: 'eu-central-1', credentialsSecretRef }] }),
    ],
    [
      'Azure by deployments',
      llm({
        providers: [
          {
            name: 'azure',
            kind: 'Azure',
            baseUrl: 'https://acme.openai.azure.com',
            apiVersion: '2024-10-21',
            credentialsSecretRef,
          },
        ],
      }),
    ],
    ['Gemini', llm({ providers: [{ name: 'google', kind: 'Google', credentialsSecretRef }] })],
    [
      'budgets',
      llm({
        budgets: [
          { amountMicros: 5_000_000, period: 'Month' },
          { tenant: 'acme', per: 'User', amountMicros: 0, period: 'Day' },
          { per: 'ApiKey', amountMicros: 1_000_000, period: 'Month' },
        ],
      }),
    ],
    ['limits', llm({ limits: [{ requests: 60, tokens: 100_000, period: 'Minute' }], quotaFailurePolicy: 'Allow' })],
    [
      'caches',
      llm({ caches: { exact: { ttl: '1h' }, semantic: { ttl: '24h', thresholdPercent: 97, tenants: ['acme'] } } }),
    ],
    ['a provider with a key', llm({ providers: [openai] })],
    ['a key of a tenant', llm({ providers: [openai, { ...openai, name: 'acme', tenants: ['acme'] }] })],
    [
      'a key of another name',
      llm({ providers: [{ ...openai, credentialsSecretRef: { name: 'keys', key: 'openai' } }] }),
    ],
    [
      'a house of models',
      provider({ podPort: 8000, caSecretRef: { name: 'ca', key: 'ca.crt' }, connectTimeout: '5s' }),
    ],
    ['networks', provider({ networks: ['10.0.0.0/16', 'fd00::/8'] })],
    [
      'models',
      provider({
        models: [
          {
            name: 'meta/llama-3:8b',
            aliases: ['fast'],
            operations: ['Chat', 'Embeddings'],
            price: { promptMicrosPerMillionTokens: 0 },
          },
        ],
      }),
    ],
    [
      'a route',
      route([{ provider: 'house', model: 'llama', weight: 0, timeout: '10s' }], { strategy: 'Weight', deadline: '1m' }),
    ],
    ['a route to the embedded models', route([{ provider: 'embedded', model: 'smollm2-135m-instruct' }])],
    ['providers alone', llm({ embedded: { enabled: false }, providers: [{ ...house, models: [{ name: 'llama' }] }] })],
  ],
  rejected: [
    ['Bedrock nowhere', llm({ providers: [{ name: 'aws', kind: 'Bedrock' }] }), 'needs a region'],
    ['a region of OpenAI', llm({ providers: [{ ...openai, region: 'eu-central-1' }] }), 'and no other, needs a region'],
    [
      'one key of Bedrock',
      llm({
        providers: [
          { name: 'aws', kind: 'Bedrock', region: 'eu-central-1', credentialsSecretRef: { name: 'aws', key: 'k' } },
        ],
      }),
      'are access-key-id and secret-access-key',
    ],
    ['Azure nowhere', llm({ providers: [{ name: 'azure', kind: 'Azure', credentialsSecretRef }] }), 'needs a baseUrl'],
    [
      'a version of OpenAI',
      llm({ providers: [{ ...openai, apiVersion: '2024-10-21' }] }),
      'apiVersion is of providers of kind Azure',
    ],
    ['a budget for ever', llm({ budgets: [{ amountMicros: 1, period: 'Year' }] }), 'supported values: "Day", "Month"'],
    ['a limit of nothing', llm({ limits: [{ period: 'Day' }] }), 'give requests, tokens or both'],
    [
      'a similarity of all',
      llm({ caches: { semantic: { ttl: '1h', thresholdPercent: 10 } } }),
      'greater than or equal to 50',
    ],
    [
      'a semantic cache without its encoder',
      llm({
        embedded: { enabled: false },
        providers: [{ ...house, models: [{ name: 'm' }] }],
        caches: { semantic: { ttl: '1h' } },
      }),
      'the semantic cache needs the embedded encoder',
    ],
    ['a kind that there is not', provider({ kind: 'Clippy' }), 'supported values: "OpenAI"'],
    [
      'a house without an address',
      llm({ providers: [{ name: 'house', kind: 'OpenAICompatible' }] }),
      'needs a baseUrl',
    ],
    ['OpenAI without a key', llm({ providers: [{ name: 'openai', kind: 'OpenAI' }] }), 'needs a credentialsSecretRef'],
    ['an address that is none', provider({ baseUrl: 'vllm:8000' }), 'must be an http or https URL without a query'],
    [
      'a provider with the name of the embedded models',
      provider({ name: 'embedded' }),
      'embedded is the name of the models',
    ],
    ['a provider with a capital', provider({ name: 'House' }), 'must be lower case letters, digits and "-"'],
    ['two providers of one name', llm({ providers: [house, house] }), 'Duplicate value'],
    ['a network that is none', provider({ networks: ['10.0.0.0'] }), 'must be a network in CIDR notation'],
    [
      'a port of pods without a Service',
      llm({ providers: [{ ...openai, podPort: 80 }] }),
      'podPort is of the pods behind',
    ],
    [
      'a target that nobody is',
      route([{ provider: 'nobody', model: 'm' }]),
      'must name a provider of spec.llm.providers, or embedded',
    ],
    ['a route to nowhere', route([]), 'should have at least 1 items'],
    ['a deadline of a day', route([{ provider: 'house', model: 'm' }], { deadline: '24h' }), 'must be from 1s to 1h'],
    [
      'a price below nothing',
      provider({ models: [{ name: 'm', price: { promptMicrosPerMillionTokens: -1 } }] }),
      'greater than or equal to 0',
    ],
    ['a model with a space', provider({ models: [{ name: 'my model' }] }), 'must be the name of a model'],
    ['neither models nor providers', llm({ embedded: { enabled: false } }), 'there must be a provider with models'],
    [
      'a target among models that are left out',
      llm({
        embedded: { enabled: false },
        providers: [{ ...house, models: [{ name: 'llama' }] }],
        routes: [{ model: 'a', targets: [{ provider: 'embedded', model: 'm' }] }],
      }),
      'which embedded.enabled: false leaves out',
    ],
  ],
};
