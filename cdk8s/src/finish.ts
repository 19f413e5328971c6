import { api } from '@genai-platform/crds';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { sortKeys } from './digest.ts';
import type { KubernetesObject, OwnerReference } from './kubernetes-object.ts';
import { dataLabel } from './labels.ts';
import type { PlatformInput } from './settings/settings.ts';

/** What the last pass over the objects needs to know. */
export interface Finish {
  readonly owner?: OwnerReference | undefined;
  readonly retainsData: boolean;
}

/** The reference of everything that goes with the platform; absent while the platform has no UID, as in a dry run. */
export function ownerOf({ metadata }: PlatformInput): OwnerReference | undefined {
  if (metadata.uid === undefined) return undefined;
  return { apiVersion: api.apiVersion, kind: api.kind, name: metadata.name, uid: metadata.uid, controller: true };
}

/**
 * The objects below a construct as they are sent: sorted, owned by the platform. Data that is to be retained has no
 * owner, so that neither garbage collection nor `kubectl delete --cascade=foreground` can take it.
 */
export function finish(scope: Construct, { owner, retainsData }: Finish): KubernetesObject[] {
  return scope.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .map((object) => sortKeys(withoutEmpty(object.toJson())) as KubernetesObject)
    .map((object) => {
      const isKept = retainsData && object.metadata.labels?.[dataLabel] !== undefined;
      if (owner === undefined || isKept) return object;
      return sortKeys({ ...object, metadata: { ...object.metadata, ownerReferences: [owner] } }) as KubernetesObject;
    })
    .sort((a, b) => (sortName(a) < sortName(b) ? -1 : 1));
}

/** Fields that are maps; of other fields an empty object says something, for example `emptyDir: {}`. */
const maps: ReadonlySet<string> = new Set(['annotations', 'labels', 'matchLabels', 'nodeSelector']);

/**
 * The value without empty lists and maps. The API server stores none, so that a field that is sent empty differs from
 * what is stored: every server-side apply of it, also one that changes nothing, is a write (seen with 1.35).
 */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).map(([key, field]): [string, unknown] => [key, withoutEmpty(field)]);
  return Object.fromEntries(fields.filter(([key, field]) => !isEmpty(key, field)));
}

function isEmpty(key: string, field: unknown): boolean {
  if (Array.isArray(field)) return field.length === 0;
  return maps.has(key) && field !== null && typeof field === 'object' && Object.keys(field).length === 0;
}

function sortName({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.name}`;
}
