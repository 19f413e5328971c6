import { createHash } from 'node:crypto';
import { referencedObjects } from '@genai-platform/cdk8s';
import type { ReferencedObject } from '@genai-platform/cdk8s';
import { refTo } from '../../runtime/index.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { ConfigMaps, Secrets } from '../kinds.ts';
import type { PlatformContext } from '../session.ts';
import type { SecretValues } from './secret-data.ts';
import { decodeSecret } from './secret-data.ts';

/** What is missing, and which object it is. */
export type MissingReference = Diagnosis & { readonly reference: ReferencedObject };

/** What the user's own Secrets and ConfigMaps say: a hash of each, or which one lacks what. */
export interface References {
  /** By `Secret/name` or `ConfigMap/name`. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Decoded values of each Secret by name. */
  readonly secrets: Readonly<Record<string, SecretValues>>;
  readonly missing?: MissingReference;
}

/**
 * Reads the objects that the specification names, straight from the API server: what is in them is not cached, and what a
 * user just created must be seen at the next look.
 */
export async function readReferences(
  context: PlatformContext,
  concerns: (reference: ReferencedObject) => boolean,
): Promise<References> {
  const hashes: Record<string, string> = {};
  const secrets: Record<string, SecretValues> = {};
  const { platform } = context.session;
  const read = reader(context);
  for (const reference of referencedObjects(platform).filter(concerns)) {
    const data = await read(reference);
    const missing = lackOf(reference, data, platform.metadata.namespace);
    if (missing) return { hashes, secrets, missing: { ...missing, reference } };
    hashes[`${reference.kind}/${reference.name}`] = hashOf(data ?? {});
    if (reference.kind === 'Secret') secrets[reference.name] = decodeSecret({ data: { ...data } });
  }
  return { hashes, secrets };
}

/** Reads each object once, however many fields name it. */
function reader(context: PlatformContext): (reference: ReferencedObject) => Promise<Data | undefined> {
  const { namespace } = context.session.platform.metadata;
  const known = new Map<string, Promise<Data | undefined>>();
  return ({ kind, name }) => {
    const text = `${kind}/${name}`;
    const read = async (): Promise<Data | undefined> => {
      const live = kind === 'Secret' ? await context.read(refTo(Secrets, name, namespace)) : await context.read(refTo(ConfigMaps, name, namespace)); // prettier-ignore
      return live && (live.data ?? {});
    };
    const reading = known.get(text) ?? read();
    known.set(text, reading);
    return reading;
  };
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
  if (key === undefined) return undefined;
  const lack = key in data ? 'has nothing under the key' : 'has no key';
  return { reason: `${kind}Incomplete`, message: `${what} ${lack} ${JSON.stringify(key)}` };
}

function hashOf(data: Data): string {
  const sorted = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}
