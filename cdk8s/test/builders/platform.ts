import type { GenAIPlatformSpec } from '@genai-platform/crds';
import type { Observed, PlatformInput, WantedSecret } from '@genai-platform/cdk8s';
import { referencedObjects, wantedSecrets } from '@genai-platform/cdk8s';

/** A platform named acme in the namespace of the same name, of the profile dev unless the spec says otherwise. */
export function aPlatform(spec: Partial<GenAIPlatformSpec> = {}): PlatformInput {
  return {
    metadata: { name: 'acme', namespace: 'acme', uid: '11111111-2222-3333-4444-555555555555' },
    spec: { profile: 'dev', ...spec },
  };
}

/** The mark of every value that must appear in Secrets alone. */
export const secretMark = 'SECRET-VALUE';

/** What the operator would have observed once it has made every wanted Secret. */
export function observedFor(platform: PlatformInput, more: Partial<Observed> = {}): Observed {
  return {
    release: '1.4.0',
    operator: { namespace: 'genai-system', podLabels: { 'app.kubernetes.io/name': 'genai-operator' } },
    secrets: Object.fromEntries(wantedSecrets(platform).map((secret) => [secret.name, valuesOf(secret)])),
    references: Object.fromEntries(referencedObjects(platform).map(({ kind, name }) => [`${kind}/${name}`, 'digest'])),
    ...more,
  };
}

function valuesOf(secret: WantedSecret): Record<string, string> {
  const mark = (key: string): string => `${secretMark}-${secret.name}-${key}`;
  if (secret.kind === 'authority') return { 'ca.crt': 'CERTIFICATE', 'ca.key': mark('ca.key') };
  if (secret.kind === 'certificate') {
    return { 'tls.crt': 'CERTIFICATE', 'tls.key': mark('tls.key'), 'ca.crt': 'CERTIFICATE' };
  }
  const entries = Object.entries(secret.values);
  return Object.fromEntries(entries.map(([key, source]) => [key, source.kind === 'fixed' ? source.value : mark(key)]));
}
