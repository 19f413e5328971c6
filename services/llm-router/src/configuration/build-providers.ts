import { readFile } from 'node:fs/promises';
import type { Clock } from '@genai-platform/common';
import { AnthropicProvider } from '../providers/anthropic/anthropic-provider.ts';
import { AzureProvider } from '../providers/azure/azure-provider.ts';
import { GoogleProvider } from '../providers/google/google-provider.ts';
import { Credential } from '../providers/http/credential.ts';
import type { HttpProviderOptions } from '../providers/http/http-provider.ts';
import { Upstream } from '../providers/http/upstream.ts';
import { OpenAiProvider } from '../providers/openai/openai-provider.ts';
import type { ModelInfo, Provider } from '../providers/provider.ts';
import type { ProviderKind, ProviderSettings } from './llm-settings.ts';

/** How each kind of provider is reached, and how it is told who asks. */
interface KindDefinition {
  readonly baseUrl?: string;
  readonly headers: (key: string) => Readonly<Record<string, string>>;
  readonly build: (options: HttpProviderOptions, settings: ProviderSettings) => Provider;
}

const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

const kinds: Readonly<Record<Exclude<ProviderKind, 'bedrock'>, KindDefinition>> = {
  openai: {
    baseUrl: 'https://api.openai.com/v1',
    headers: bearer,
    build: (options) => new OpenAiProvider(options),
  },
  'openai-compatible': { headers: bearer, build: (options) => new OpenAiProvider(options) },
  anthropic: {
    baseUrl: 'https://api.anthropic.com',
    headers: (key) => ({ 'x-api-key': key, 'anthropic-version': '2023-06-01' }),
    build: (options) => new AnthropicProvider(options),
  },
  azure: {
    headers: (key) => ({ 'api-key': key }),
    build: (options, { api_version: version }) => new AzureProvider(options, version),
  },
  google: {
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    headers: (key) => ({ 'x-goog-api-key': key }),
    build: (options) => new GoogleProvider(options),
  },
};

/** Builds a configured provider. @throws Error where its address is missing */
export async function buildProvider(
  settings: ProviderSettings,
  { maxReplyBytes, clock }: { readonly maxReplyBytes: number; readonly clock: Clock },
): Promise<Provider> {
  const { name, kind } = settings;
  const authorities = settings.ca_file === undefined ? undefined : await readFile(settings.ca_file, 'utf8');
  const models = settings.models.map((model) => ({ id: model.name, operations: model.operations, ownedBy: name }));
  if (kind === 'bedrock') return await buildBedrock(settings, models, authorities);
  const { baseUrl: usual, headers, build } = kinds[kind];
  const baseUrl = settings.base_url ?? usual;
  if (baseUrl === undefined) throw new Error(`the provider ${name} needs a base_url`);
  const credential = settings.api_key_file === undefined ? undefined : new Credential(settings.api_key_file, clock);
  const upstream = new Upstream({
    baseUrl,
    connectTimeoutMs: settings.connect_timeout_ms,
    authorities,
    headers: async () => (credential === undefined ? {} : headers(await credential.read())),
  });
  return build({ name, kind, models, upstream, maxReplyBytes }, settings);
}

/** Loaded where it is wanted: the AWS SDK takes 60 ms and 20 MiB. */
async function buildBedrock(
  { name, region, base_url: baseUrl, credentials_dir: credentialsDir, connect_timeout_ms: timeout }: ProviderSettings,
  models: readonly ModelInfo[],
  authorities: string | undefined,
): Promise<Provider> {
  if (region === undefined) throw new Error(`the provider ${name} needs a region`);
  const { BedrockProvider } = await import('../providers/bedrock/bedrock-provider.ts');
  return new BedrockProvider({ name, models, region, baseUrl, credentialsDir, connectTimeoutMs: timeout, authorities });
}
