import type { EnvironmentVariable } from '@genai-platform/crds';
import { providerFiles, type ProviderFiles } from './llm/provider-files.ts';
import type { ExternalServer, Server } from './settings/server.ts';
import type { PlatformInput, Settings } from './settings/settings.ts';
import { resolveSettings } from './settings/settings.ts';
import type { WorkloadSettings } from './settings/workload-settings.ts';
import { wantedBy } from './wanted-secrets.ts';

/** An object of the user's that the platform cannot do without. */
export interface ReferencedObject {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  /** Keys that must be there. */
  readonly keys: readonly string[];
  /** The field that refers to it, for example `spec.database.external.credentialsSecretRef`. */
  readonly field: string;
}

/** Every Secret and ConfigMap that a spec refers to; an object that two fields refer to is listed twice. */
export function referencedObjects(platform: PlatformInput): ReferencedObject[] {
  const settings = resolveSettings(platform, '');
  return [
    ...pullSecrets(settings),
    ...serverSecrets(settings.database, 'spec.database.external'),
    ...serverSecrets(settings.cache, 'spec.cache.external'),
    ...settings.workloads.flatMap(environmentObjects),
    ...mailSecrets(settings),
    ...providerSecrets(settings),
    ...certificateSecret(settings),
    ...givenValues(settings),
  ];
}

function pullSecrets({ spec }: Settings): ReferencedObject[] {
  return (spec.images?.pullSecrets ?? []).map(({ name }) => ({
    kind: 'Secret',
    name,
    keys: ['.dockerconfigjson'],
    field: 'spec.images.pullSecrets',
  }));
}

function serverSecrets(server: Server, field: string): ReferencedObject[] {
  return server.kind === 'external' ? externalSecrets(server, field) : [];
}

function externalSecrets({ credentialsSecret, authority }: ExternalServer, field: string): ReferencedObject[] {
  const credentials: ReferencedObject = {
    kind: 'Secret',
    name: credentialsSecret,
    keys: ['username', 'password'],
    field: `${field}.credentialsSecretRef`,
  };
  if (authority === undefined) return [credentials];
  const { secret: name, key } = authority;
  return [credentials, { kind: 'Secret', name, keys: [key], field: `${field}.tls.caSecretRef` }];
}

function environmentObjects({ entry, env }: WorkloadSettings): ReferencedObject[] {
  const own = entry.setting === 'gateway' || entry.setting === 'auth';
  const workload = own ? `spec.${entry.setting}` : `spec.services.${entry.setting}`;
  return env.flatMap((variable) => variableObject(variable, `${workload}.env[${variable.name}]`));
}

function variableObject({ valueFrom }: EnvironmentVariable, field: string): ReferencedObject[] {
  const objects: ReferencedObject[] = [];
  const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
  if (secretKeyRef) objects.push({ kind: 'Secret', name: secretKeyRef.name, keys: [secretKeyRef.key], field });
  if (configMapKeyRef)
    objects.push({ kind: 'ConfigMap', name: configMapKeyRef.name, keys: [configMapKeyRef.key], field });
  return objects;
}

function mailSecrets({ workloads, auth }: Settings): ReferencedObject[] {
  const { credentialsSecretRef: login, caSecretRef: authority } = auth.smtp ?? {};
  if (!workloads.some(({ entry }) => entry.name === 'auth')) return [];
  const secret = (field: string, name: string, keys: readonly string[]): ReferencedObject => {
    return { kind: 'Secret', name, keys, field: `spec.auth.smtp.${field}` };
  };
  return [
    ...(login === undefined ? [] : [secret('credentialsSecretRef', login.name, ['username', 'password'])]),
    ...(authority === undefined ? [] : [secret('caSecretRef', authority.name, [authority.key])]),
  ];
}

function providerSecrets({ workloads, spec }: Settings): ReferencedObject[] {
  if (!workloads.some(({ entry }) => entry.name === 'llm-router')) return [];
  return (spec.llm?.providers ?? []).flatMap((provider) => {
    const { keys, authority } = providerFiles(provider);
    const field = `spec.llm.providers[${provider.name}]`;
    return [...fileSecret(keys, `${field}.credentialsSecretRef`), ...fileSecret(authority, `${field}.caSecretRef`)];
  });
}

function fileSecret(files: ProviderFiles | undefined, field: string): ReferencedObject[] {
  return files ? [{ kind: 'Secret', ...files.secret, field }] : [];
}

/** What the operator reads, and the pods do not. */
function givenValues(settings: Settings): ReferencedObject[] {
  return wantedBy(settings).flatMap((wanted) => {
    if (wanted.kind !== 'values' || !wanted.given) return [];
    const { secret: name, keys, field } = wanted.given;
    return [{ kind: 'Secret', name, keys: Object.values(keys), field }];
  });
}

function certificateSecret({ ingress }: Settings): ReferencedObject[] {
  const name = ingress?.tls?.secretName;
  if (name === undefined) return [];
  return [{ kind: 'Secret', name, keys: ['tls.crt', 'tls.key'], field: 'spec.ingress.tls.secretName' }];
}
