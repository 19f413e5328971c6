import { createHash } from 'node:crypto';
import { referencedObjects } from '@genai-platform/cdk8s';
import type { ReferencedObject } from '@genai-platform/cdk8s';
import { refTo } from '../../runtime/index.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { ConfigMaps, Secrets } from '../kinds.ts';
import type { PlatformContext } from '../session.ts';

/** What the user's own Secrets and ConfigMaps say: a hash of each, or which one lacks what. */
export interface References {
  /** By `Secret/name` or `ConfigMap/name`. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly missing?: Diagnosis;
}

/**
 * Reads the objects that the specification names, straight from the API server: they are not ours, so they are not
 * watched, and what a user just created must be seen at the next look.
 */
export async function readReferences(
  context: PlatformContext,
  concerns: (reference: ReferencedObject) => boolean,
): Promise<References> {
  const hashes: Record<string, string> = {};
  for (const reference of referencedObjects(context.session.platform).filter(concerns)) {
    const data = await read(context, reference);
    const missing = lackOf(reference, data, context.session.platform.metadata.namespace);
    if (missing) return { hashes, missing };
    hashes[`${reference.kind}/${reference.name}`] = hashOf(data ?? {});
  }
  return { hashes };
}

async function read(context: PlatformContext, { kind, name }: ReferencedObject): Promise<Data | undefined> {
  const { namespace } = context.session.platform.metadata;
  const live = kind === 'Secret' ? await context.read(refTo(Secrets, name, namespace)) : await context.read(refTo(ConfigMaps, name, namespace)); // prettier-ignore
  return live && (live.data ?? {});
}

type Data = Readonly<Record<string, string>>;

function lackOf(
  { kind, name, keys, field }: ReferencedObject,
  data: Data | undefined,
  namespace: string,
): Diagnosis | undefined {
  const what = `${kind} ${namespace}/${name} (${field})`;
  if (!data) return { reason: `${kind}Missing`, message: `${what} does not exist` };
  const key = keys.find((candidate) => !data[candidate]);
  return key === undefined
    ? undefined
    : { reason: `${kind}Incomplete`, message: `${what} has no key ${JSON.stringify(key)}` };
}

function hashOf(data: Data): string {
  const sorted = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}
