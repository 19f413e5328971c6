import type { ControlPlane } from '../../../../test/harness/control-plane.ts';

/** Collections of a namespace that a platform has a part in, and some that it must leave nothing in. */
export const COLLECTIONS = [
  'apis/genaiplatform.io/v1alpha1 genaiplatforms',
  'api/v1 configmaps',
  'api/v1 persistentvolumeclaims',
  'api/v1 secrets',
  'api/v1 serviceaccounts',
  'api/v1 services',
  'apis/apps/v1 controllerrevisions',
  'apis/apps/v1 deployments',
  'apis/apps/v1 replicasets',
  'apis/apps/v1 statefulsets',
  'apis/autoscaling/v2 horizontalpodautoscalers',
  'apis/batch/v1 jobs',
  'apis/networking.k8s.io/v1 ingresses',
  'apis/networking.k8s.io/v1 networkpolicies',
  'apis/policy/v1 poddisruptionbudgets',
] as const;

/** What every namespace has without a platform. */
const OF_THE_NAMESPACE = new Set(['configmaps kube-root-ca.crt', 'serviceaccounts default']);
/** Decided by the API server or by chance, and never by the operator. */
const MASKED = new Set(['resourceVersion', 'managedFields', 'clusterIP', 'clusterIPs', 'volumeName', 'nodePort', 'latencyMilliseconds', 'selfLink', 'generation', 'observedGeneration']); // prettier-ignore
const TIME = /(time|timestamp)$/i;
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Hexadecimal (of letters alone, too, now and then), or as Kubernetes writes them, where a word could be taken for one. */
const HASH = /(?<![0-9A-Za-z])(?:[0-9a-f]{8,64}|(?=[a-z]*[0-9])[bcdf-hj-np-tv-z2-9]{8,10})(?![0-9A-Za-z])/g;
/** What the operator marks its objects with, however few kinds of letters it happens to have. */
const MARK = /^genaiplatform\.io\/(applied|checksum|revision)$/;
const DIGEST = /^(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9_-]{22,64}=?$/;
/** Of others' status only what they decide is in it; it follows from the rest. */
const WITH_STATUS = 'genaiplatforms';

/** `deployments acme-gateway` and what it is, masked. */
export type EndState = Readonly<Record<string, unknown>>;

interface Item {
  readonly metadata: { readonly name: string; readonly ownerReferences?: readonly { readonly kind: string }[] };
  readonly data?: Readonly<Record<string, string>>;
  readonly status?: unknown;
}

/**
 * Everything in a namespace, without what differs between any two runs: UIDs, versions, times, what was generated. Names
 * and digests that contain such are numbered in the order of their appearance, so that what must agree still does.
 */
export async function endState(plane: ControlPlane, namespace: string): Promise<EndState> {
  const lists = await Promise.all(
    COLLECTIONS.map(async (collection) => {
      const [root, plural] = collection.split(' ') as [string, string];
      const { items } = await plane.request<{ items: Item[] }>('GET', `/${root}/namespaces/${namespace}/${plural}`);
      return items.map((item) => [plural, item] as const);
    }),
  );
  const mask = new Mask(namespace);
  const entries = lists.flat().filter(([plural, { metadata }]) => !OF_THE_NAMESPACE.has(`${plural} ${metadata.name}`));
  const named = entries.map(([plural, item]) => [`${plural} ${stableName(plural, item.metadata.name)}`, plural, item] as const); // prettier-ignore
  const state: Record<string, unknown> = {};
  for (const [name, plural, item] of named.sort(([a], [b]) => (a < b ? -1 : 1))) {
    let key = name;
    for (let copy = 2; key in state; copy += 1) key = `${name} (${copy})`;
    state[key] = mask.value(reduced(plural, item));
  }
  return state;
}

/** What differs, in words; empty if nothing does. */
export function differences(found: EndState, wanted: EndState): string[] {
  const names = [...new Set([...Object.keys(found), ...Object.keys(wanted)])].sort();
  return names.flatMap((name) => {
    if (!(name in found)) return [`${name} is missing`];
    if (!(name in wanted)) return [`${name} is left over`];
    return differingFields(found[name], wanted[name], name);
  });
}

function differingFields(found: unknown, wanted: unknown, path: string): string[] {
  if (isObject(found) && isObject(wanted)) {
    const keys = [...new Set([...Object.keys(found), ...Object.keys(wanted)])];
    return keys.flatMap((key) => differingFields(found[key], wanted[key], `${path}.${key}`));
  }
  const [is, was] = [JSON.stringify(found), JSON.stringify(wanted)];
  return is === was ? [] : [`${path} is ${is?.slice(0, 120)} instead of ${was?.slice(0, 120)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Hashes become the same text, so that objects can be matched across runs. */
function stableName(plural: string, name: string): string {
  // The hash of a ReplicaSet has no fixed length.
  return plural === 'replicasets' || plural === 'controllerrevisions'
    ? name.replace(/-[^-]+$/, '-<hash>')
    : name.replace(HASH, '<hash>');
}

function reduced(plural: string, item: Item): unknown {
  // A ReplicaSet, or a StatefulSet's revision, tells how often pods were replaced; the rest of it is the Deployment's.
  if (plural === 'replicasets' || isOfStatefulSet(item)) return {};
  const { status: asTold, data, ...rest } = item;
  const status = sortedConditions(asTold);
  const values = data && (plural === 'secrets' ? Object.fromEntries(Object.keys(data).map((key) => [key, '*'])) : data);
  return { ...rest, ...(values && { data: values }), ...(plural === WITH_STATUS && { status }) };
}

function isOfStatefulSet({ metadata }: Item): boolean {
  return metadata.ownerReferences?.some(({ kind }) => kind === 'StatefulSet') ?? false;
}

/** They come in the order in which they were first stated. */
function sortedConditions(status: unknown): unknown {
  if (!isObject(status) || !Array.isArray(status['conditions'])) return status;
  const conditions = status['conditions'] as { type: string }[];
  return { ...status, conditions: conditions.toSorted((a, b) => (a.type < b.type ? -1 : 1)) };
}

class Mask {
  readonly #namespace: string;
  readonly #numbers = new Map<string, string>();

  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  value(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (Array.isArray(value)) return value.map((each) => this.value(each));
    if (!isObject(value)) return value;
    const entries = Object.entries(value).filter(([key]) => !MASKED.has(key) && !TIME.test(key));
    return Object.fromEntries(entries.map(([key, each]) => [key, this.#of(key, each)]));
  }

  #of(key: string, value: unknown): unknown {
    return typeof value === 'string' && MARK.test(key) ? this.#number(value) : this.value(value);
  }

  #text(text: string): string {
    if (INSTANT.test(text)) return '<time>';
    if (text.startsWith('-----BEGIN ')) return '<pem>';
    if (DIGEST.test(text)) return this.#number(text);
    const without = text.replaceAll(this.#namespace, '<namespace>');
    return without.replace(UUID, (uuid) => this.#number(uuid)).replace(HASH, (hash) => this.#number(hash));
  }

  #number(text: string): string {
    let number = this.#numbers.get(text);
    if (number === undefined) this.#numbers.set(text, (number = `<${this.#numbers.size + 1}>`));
    return number;
  }
}
