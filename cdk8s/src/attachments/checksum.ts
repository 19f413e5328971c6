import type { EnvironmentVariable } from '@genai-platform/crds';
import type { Context } from '../context.ts';
import { secretValue } from '../context.ts';
import { keyedDigest } from '../digest.ts';
import type { Content, Mount } from './mount.ts';

/**
 * One digest of everything that a pod reads from Secrets and ConfigMaps. Kubernetes restarts no pod when these
 * change; a changed annotation of the template does.
 */
export function checksumOf(context: Context, mounts: readonly Mount[], env: readonly EnvironmentVariable[]): string {
  const contents = [...mounts.map((mount) => mountedContent(context, mount)), ...env.map(variableContent(context))];
  return keyedDigest(secretValue(context, context.settings.names.identity, 'key'), contents);
}

function mountedContent(context: Context, { source }: Mount): unknown {
  if (source.kind === 'configMap') return source.content;
  if (source.kind !== 'secret' || source.reloaded) return null;
  const content = source.content ?? objectContent(context, 'Secret', source.name);
  return source.items && typeof content === 'object' ? pick(content, Object.keys(source.items)) : content;
}

/** What the pod does not see may change under it: the next password, before it is anybody's. */
function pick(content: Content | null, keys: readonly string[]): Content {
  return Object.fromEntries(keys.flatMap((key) => (content?.[key] === undefined ? [] : [[key, content[key]]])));
}

function variableContent(context: Context): (variable: EnvironmentVariable) => unknown {
  return ({ valueFrom }) => {
    if (valueFrom?.secretKeyRef) return objectContent(context, 'Secret', valueFrom.secretKeyRef.name);
    return valueFrom?.configMapKeyRef ? objectContent(context, 'ConfigMap', valueFrom.configMapKeyRef.name) : null;
  };
}

/** The values of a generated Secret, or the digest that the operator made of an object of the user's. */
function objectContent({ observed }: Context, kind: 'Secret' | 'ConfigMap', name: string): Content | string | null {
  const generated = kind === 'Secret' ? observed.secrets[name] : undefined;
  return generated ?? observed.references?.[`${kind}/${name}`] ?? null;
}
