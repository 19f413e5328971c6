import type { KubernetesObject } from '@genai-platform/cdk8s';

/** The part of a rendered pod that matters for running its program as a plain process. */
export interface Pod {
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface Volume {
  readonly name: string;
  readonly secret?: { readonly secretName: string; readonly items?: readonly Item[] };
  readonly configMap?: { readonly name: string; readonly items?: readonly Item[] };
}

interface Item {
  readonly key: string;
  readonly path: string;
}

/** The pod of a Deployment, StatefulSet or Job; undefined for any other object. */
export function podOf(object: KubernetesObject): Pod | undefined {
  const { spec } = object as { spec?: { template?: { spec?: Pod } } };
  return spec?.template?.spec;
}

/** The one container that our pods have. */
export function containerOf(pod: Pod): Container {
  const [container] = pod.containers;
  if (container === undefined) throw new Error('a rendered pod has no container');
  return container;
}

/** The files of a volume by name; undefined for one that starts empty. */
export function volumeFiles(volume: Volume, objects: readonly KubernetesObject[]): Map<string, string> | undefined {
  const source = volume.secret ?? volume.configMap;
  if (source === undefined) return undefined;
  const kind = volume.secret === undefined ? 'ConfigMap' : 'Secret';
  const name = 'secretName' in source ? source.secretName : source.name;
  const data = dataOf(kind, name, objects);
  if (source.items === undefined) return data;
  return new Map(source.items.map(({ key, path }) => [path, data.get(key) ?? '']));
}

function dataOf(kind: 'Secret' | 'ConfigMap', name: string, objects: readonly KubernetesObject[]): Map<string, string> {
  const object = objects.find((candidate) => candidate.kind === kind && candidate.metadata.name === name);
  const { data } = (object ?? {}) as { data?: Readonly<Record<string, string>> };
  if (data === undefined) throw new Error(`a rendered pod mounts ${kind} ${name}, which is not rendered`);
  const decode = (value: string): string => (kind === 'Secret' ? Buffer.from(value, 'base64').toString() : value);
  return new Map(Object.entries(data).map(([key, value]) => [key, decode(value)]));
}
