import { readFile } from 'node:fs/promises';
import type { Clock } from '@genai-platform/common';
import { AnthropicProvider } from '../providers/anthropic/anthropic-provider.ts';
import { Credential } from '../providers/http/credential.ts';
import type { HttpProviderOptions } from '../providers/http/http-provider.ts';
import { Upstream } from '../providers/http/upstream.ts';
import { OpenAiProvider } from '../providers/openai/openai-provider.ts';
import type { Provider } from '../providers/provider.ts';
import type { ProviderKind, ProviderSettings } from './llm-settings.ts';

/** How each kind of provider is reached, and how it is told who asks. */
interface KindDefinition {
  readonly baseUrl?: string;
  readonly headers: (key: string) => Readonly<Record<string, string>>;
  readonly build: (options: HttpProviderOptions) => Provider;
}

const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

const kinds: Readonly<Record<ProviderKind, KindDefinition>> = {
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
};

/** Builds a configured provider. @throws Error where its address is missing */
export async function buildProvider(
  settings: ProviderSettings,
  { maxReplyBytes, clock }: { readonly maxReplyBytes: number; readonly clock: Clock },
): Promise<Provider> {
  const { name, kind, models } = settings;
  const { baseUrl: usual, headers, build } = kinds[kind];
  const baseUrl = settings.base_url ?? usual;
  if (baseUrl === undefined) throw new Error(`the provider ${name} needs a base_url`);
  const credential = settings.api_key_file === undefined ? undefined : new Credential(settings.api_key_file, clock);
  const upstream = new Upstream({
    baseUrl,
    connectTimeoutMs: settings.connect_timeout_ms,
    authorities: settings.ca_file === undefined ? undefined : await readFile(settings.ca_file, 'utf8'),
    headers: async () => (credential === undefined ? {} : headers(await credential.read())),
  });
  const infos = models.map((model) => ({ id: model.name, operations: model.operations, ownedBy: name }));
  return build({ name, kind, models: infos, upstream, maxReplyBytes });
}
