import { platformLabel, referencedObjects } from '@genai-platform/cdk8s';
import type { KubeObject, LiveObject, ObjectKey, Watch } from '../../runtime/index.ts';
import { keyOf } from '../../runtime/index.ts';
import type { Platform } from '../kinds.ts';
import { OthersSecrets } from '../kinds.ts';

/** A thousand platforms and then some; beyond it names are found anew. */
const CAPACITY = 2_000;

/** Has a platform looked at when a Secret of the user's that it names comes, changes or goes. */
export function othersSecrets(): Watch {
  const names = new ReferencedNames();
  return {
    kind: OthersSecrets,
    selector: `!${platformLabel},owner!=helm`,
    transform: identityOf,
    keys: ({ metadata }, platforms) => {
      const found: ObjectKey[] = [];
      for (const platform of platforms()) {
        if (names.of(platform as LiveObject<Platform>).has(metadata.name)) found.push(keyOf(platform));
      }
      return found;
    },
  };
}

/** The version counts as content: it is all that tells of a change of what is not sent. */
function identityOf({ apiVersion, kind, metadata }: LiveObject): LiveObject {
  const { name, namespace, uid, resourceVersion } = metadata;
  const identity: LiveObject & { readonly version: string } = {
    ...{ apiVersion, kind, version: resourceVersion },
    metadata: { name, ...(namespace !== undefined && { namespace }), uid, resourceVersion },
  };
  return identity satisfies KubeObject;
}

/** Which Secrets a platform names, found once for each generation of it. */
class ReferencedNames {
  readonly #known = new Map<string, { readonly generation: number; readonly names: ReadonlySet<string> }>();

  of(platform: LiveObject<Platform>): ReadonlySet<string> {
    const { uid, generation = 0 } = platform.metadata;
    const known = this.#known.get(uid);
    if (known?.generation === generation) return known.names;
    const secrets = referencedObjects(platform).filter(({ kind }) => kind === 'Secret');
    const names = new Set(secrets.map(({ name }) => name));
    this.#known.delete(uid);
    this.#known.set(uid, { generation, names });
    const [oldest] = this.#known.keys();
    if (this.#known.size > CAPACITY && oldest !== undefined) this.#known.delete(oldest);
    return names;
  }
}
