import { z } from 'zod';
import { networks } from '../external.ts';
import { duration } from '../schema/duration.ts';
import { keyReference } from '../schema/references.ts';
import { withMeta, withRules } from '../schema/rule.ts';
import { dataKey, objectName, text } from '../schema/text.ts';
import { model } from './model.ts';
import { providerName, tenantName } from './names.ts';

/** The kinds of providers; the router has a folder for each. */
export const llmProviderKinds = ['OpenAI', 'OpenAICompatible', 'Anthropic', 'Azure', 'Bedrock', 'Google'] as const;
export type LlmProviderKind = (typeof llmProviderKinds)[number];

const credentials = withMeta(
  z.object({
    name: objectName().describe('Name of the Secret, in the namespace of the platform.'),
    key: dataKey().describe('Key inside the Secret. Default `api-key`.').optional(),
  }),
  { 'x-kubernetes-map-type': 'atomic' },
);

const baseUrl = text({
  max: 512,
  pattern: /^https?:\/\/[\]a-zA-Z0-9.:[-]+(\/[^\s?#]*)?$/,
  message: 'must be an http or https URL without a query, for example http://vllm.models.svc:8000/v1',
});

export const provider = withRules(
  z.object({
    name: withRules(providerName(), {
      rule: "self != 'embedded'",
      message: 'embedded is the name of the models that run beside the router',
    }).describe('Name by which routes, requests and decisions know it.'),
    kind: z
      .enum(llmProviderKinds)
      .describe(
        "Whose API it speaks. `OpenAICompatible`: anybody who speaks as OpenAI does, such as vLLM or Ollama; it needs a `baseUrl`. `Azure`: OpenAI's models there; the `baseUrl` is that of the resource. `Google`: Gemini.",
      ),
    baseUrl: baseUrl.describe('Where the paths of the API begin. Default: the public address of the kind.').optional(),
    credentialsSecretRef: credentials
      .describe(
        'Secret with the key; of Bedrock with the keys `access-key-id` and `secret-access-key`, or none where the service account of the router has a role. Pods of the router, and no others, restart when it changes.',
      )
      .optional(),
    region: text({
      max: 32,
      pattern: /^[a-z]{2}(-[a-z]+)+-[0-9]$/,
      message: 'must be a region of AWS, for example eu-central-1',
    })
      .describe('Region of Bedrock.')
      .optional(),
    apiVersion: text({
      max: 32,
      pattern: /^[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?$/,
      message: 'must be a version of the API, for example 2024-10-21',
    })
      .describe('Version of the API of Azure, where deployments have addresses of their own. Default: the API `v1`.')
      .optional(),
    caSecretRef: keyReference('Secret')
      .describe('The authority that signed its certificate, as PEM. Default: those that Node.js trusts.')
      .optional(),
    networks: networks
      .describe(
        'Networks that it is in; the network policies let nothing else through. Default: the namespace of a Service in ' +
          'the cluster, the internet for a public address, any for another `baseUrl`.',
      )
      .optional(),
    podPort: z
      .int()
      .min(1)
      .max(65_535)
      .describe('Port of the pods behind a Service in the cluster, where it is another than that of `baseUrl`.')
      .optional(),
    connectTimeout: duration({ min: '1s', max: '1m' })
      .describe('Longest time until there is a connection. Default 3s.')
      .optional(),
    models: withMeta(z.array(model).max(64), {
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    })
      .describe('Its models that requests may name alone; others are reached as `provider/model`.')
      .optional(),
    tenants: withMeta(z.array(tenantName()).min(1).max(64), { 'x-kubernetes-list-type': 'set' })
      .describe(
        'Tenants whose requests it, and its key, are for: it goes before the providers of all, and no other tenant is told of it. Default: all.',
      )
      .optional(),
  }),
  {
    rule: "!(self.kind in ['OpenAICompatible', 'Azure']) || has(self.baseUrl)",
    message: 'a provider of this kind needs a baseUrl',
    fieldPath: '.baseUrl',
    reason: 'FieldValueRequired',
  },
  {
    rule: "(self.kind == 'Bedrock') == has(self.region)",
    message: 'a provider of kind Bedrock, and no other, needs a region',
    fieldPath: '.region',
  },
  {
    rule: "self.kind == 'Azure' || !has(self.apiVersion)",
    message: 'apiVersion is of providers of kind Azure',
    fieldPath: '.apiVersion',
    reason: 'FieldValueForbidden',
  },
  {
    rule: "self.kind != 'Bedrock' || !has(self.credentialsSecretRef) || !has(self.credentialsSecretRef.key)",
    message: 'the keys of the Secret of a provider of kind Bedrock are access-key-id and secret-access-key',
    fieldPath: '.credentialsSecretRef.key',
    reason: 'FieldValueForbidden',
  },
  {
    rule: "self.kind in ['OpenAICompatible', 'Bedrock'] || has(self.credentialsSecretRef)",
    message: 'a provider of this kind needs a credentialsSecretRef',
    fieldPath: '.credentialsSecretRef',
    reason: 'FieldValueRequired',
  },
  {
    rule: '!has(self.podPort) || has(self.baseUrl)',
    message: 'podPort is of the pods behind the Service that baseUrl names',
    fieldPath: '.podPort',
  },
);

export type LlmProvider = z.infer<typeof provider>;
