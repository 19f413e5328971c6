/**
 * What the comparison must know of the API's merge rules (x-kubernetes-list-type, list-map-keys, map-type): which lists
 * are maps by a key, which are sets, and which maps are replaced as a whole. Everything else: lists are atomic, maps are
 * merged. Only lists that we apply need an entry; a missing one costs a repair of what another manager added, never a
 * missed one.
 */
export type ListRule =
  { readonly type: 'atomic' } | { readonly type: 'set' } | { readonly type: 'map'; readonly keys: readonly string[] };

const atomic: ListRule = { type: 'atomic' };
const byName: ListRule = { type: 'map', keys: ['name'] };

const listRules: Readonly<Record<string, ListRule>> = {
  containers: byName,
  initContainers: byName,
  ephemeralContainers: byName,
  volumes: byName,
  env: byName,
  imagePullSecrets: byName,
  volumeMounts: { type: 'map', keys: ['mountPath'] },
  volumeDevices: { type: 'map', keys: ['devicePath'] },
  hostAliases: { type: 'map', keys: ['ip'] },
  topologySpreadConstraints: { type: 'map', keys: ['topologyKey', 'whenUnsatisfiable'] },
  ownerReferences: { type: 'map', keys: ['uid'] },
  conditions: { type: 'map', keys: ['type'] },
  finalizers: { type: 'set' },
};

const containerPorts: ListRule = { type: 'map', keys: ['containerPort', 'protocol'] };
const servicePorts: ListRule = { type: 'map', keys: ['port', 'protocol'] };

/** Defaults of keys that may be left out. */
export const keyDefaults: Readonly<Record<string, string>> = { protocol: 'TCP' };

/** @param path of the list, without keys of elements: `spec.template.spec.containers.ports`. */
export function listRuleOf(kind: string, path: string, field: string): ListRule {
  // `ports` is a map in containers and Services, and atomic in NetworkPolicies, where one more port is one more hole.
  if (field === 'ports') return portsRule(kind, path);
  return listRules[field] ?? atomic;
}

function portsRule(kind: string, path: string): ListRule {
  if (kind === 'Service' && path === 'spec.ports') return servicePorts;
  return /[cC]ontainers\.ports$/.test(path) ? containerPorts : atomic;
}

/** Maps that are replaced as a whole: an additional key changes what they select. */
export const atomicMaps: ReadonlySet<string> = new Set([
  'selector',
  'podSelector',
  'namespaceSelector',
  'labelSelector',
  'matchLabels',
  'nodeSelector',
]);

/** Maps whose values are quantities, and single fields that are one. */
const quantityMaps: ReadonlySet<string> = new Set([
  'limits',
  'requests',
  'capacity',
  'hard',
  'default',
  'defaultRequest',
  'max',
  'min',
]);
const quantityFields: ReadonlySet<string> = new Set(['sizeLimit', 'divisor', 'averageValue', 'storage']);

export function isQuantity(parent: string, field: string): boolean {
  return quantityMaps.has(parent) || quantityFields.has(field);
}

/**
 * Fields that the API's Go types drop when they hold the zero value (`omitempty` without a pointer), so that wanting
 * `false` and finding nothing is equal. Everywhere else it is a difference: without `automountServiceAccountToken: false`
 * the token is mounted.
 */
const droppedZeros: ReadonlySet<string> = new Set([
  'apiGroup',
  'hostIPC',
  'hostNetwork',
  'hostPID',
  'initialDelaySeconds',
  'minReadySeconds',
  'paused',
  'publishNotReadyAddresses',
  'readOnly',
  'stdin',
  'stdinOnce',
  'subPath',
  'tty',
  'value',
]);

/** Maps, which vanish when they are empty; an empty struct (`emptyDir: {}`) says something and stays. */
const plainMaps: ReadonlySet<string> = new Set([
  'annotations',
  'binaryData',
  'data',
  'labels',
  'limits',
  'matchLabels',
  'nodeSelector',
  'requests',
  'selector',
]);

/** Whether the API server stores nothing when it is given this value for this field. */
export function isDropped(field: string, value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === 'object') return Object.keys(value).length === 0 && plainMaps.has(field);
  return (value === false || value === 0 || value === '') && droppedZeros.has(field);
}
