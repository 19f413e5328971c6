import type { LlmProvider } from '@genai-platform/crds';
import { secretsFolder } from '../attachments/attachment.ts';
import type { Mount } from '../attachments/mount.ts';

/** A file of a provider: where it is, and how it comes there. */
export interface ProviderFile {
  readonly file: string;
  readonly secret: { readonly name: string; readonly key: string };
  readonly mount: Mount;
}

/** The key that a provider is asked with, and the authority that it is verified by. */
export function providerFiles({ name, credentialsSecretRef, caSecretRef }: LlmProvider): {
  readonly key?: ProviderFile | undefined;
  readonly authority?: ProviderFile | undefined;
} {
  const key = credentialsSecretRef && { ...credentialsSecretRef, key: credentialsSecretRef.key ?? 'api-key' };
  return {
    key: key && providerFile(`llm-${name}`, key, 'api-key'),
    authority: caSecretRef && providerFile(`llm-${name}-ca`, caSecretRef, 'ca.crt'),
  };
}

function providerFile(mount: string, secret: ProviderFile['secret'], file: string): ProviderFile {
  const path = `${secretsFolder}/${mount}`;
  const source = { kind: 'secret' as const, name: secret.name, items: { [secret.key]: file } };
  return { file: `${path}/${file}`, secret, mount: { name: mount, path, source } };
}
