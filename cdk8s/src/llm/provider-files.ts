import type { LlmProvider } from '@genai-platform/crds';
import { secretsFolder } from '../attachments/attachment.ts';
import type { Mount } from '../attachments/mount.ts';

/** Files of a provider that come out of one Secret. */
export interface ProviderFiles {
  readonly folder: string;
  readonly secret: { readonly name: string; readonly keys: readonly string[] };
  readonly mount: Mount;
}

/** The keys that a provider is asked with, and the authority that it is verified by. */
export function providerFiles({ name, kind, credentialsSecretRef, caSecretRef }: LlmProvider): {
  readonly keys?: ProviderFiles | undefined;
  readonly authority?: ProviderFiles | undefined;
} {
  const items =
    kind === 'Bedrock'
      ? { 'access-key-id': 'access-key-id', 'secret-access-key': 'secret-access-key' }
      : { [credentialsSecretRef?.key ?? 'api-key']: 'api-key' };
  return {
    keys: credentialsSecretRef && filesOf(`llm-${name}`, credentialsSecretRef.name, items),
    authority: caSecretRef && filesOf(`llm-${name}-ca`, caSecretRef.name, { [caSecretRef.key]: 'ca.crt' }),
  };
}

function filesOf(mount: string, secret: string, items: Readonly<Record<string, string>>): ProviderFiles {
  const folder = `${secretsFolder}/${mount}`;
  return {
    folder,
    secret: { name: secret, keys: Object.keys(items) },
    mount: { name: mount, path: folder, source: { kind: 'secret', name: secret, items } },
  };
}
