import type { KubeObject, ObjectKey } from './object.ts';

declare const objectType: unique symbol;

/** Names a resource of the API and, for the compiler, the shape of its objects. */
export interface ResourceKind<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Lower case, as in the URL. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** Its objects are only ever listed and watched, without what is in them: their metadata is all that is sent. */
  readonly metadataOnly?: true;
  /** Never present; carries `T`. */
  readonly [objectType]?: T;
}

/** One object of a kind. */
export interface ObjectRef<T extends KubeObject = KubeObject> extends ObjectKey {
  readonly kind: ResourceKind<T>;
}

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(kind: ResourceKind): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

/** Identifies a kind in maps and metrics: `deployments.apps/v1`, `secrets/v1`, `secrets/v1#metadata`. */
export function kindText(kind: ResourceKind): string {
  const text = kind.group === '' ? `${kind.plural}/${kind.version}` : `${kind.plural}.${kind.group}/${kind.version}`;
  return kind.metadataOnly ? `${text}#metadata` : text;
}

/** A reference to `namespace/name`; a cluster-scoped kind drops the namespace. */
export function refTo<T extends KubeObject>(kind: ResourceKind<T>, name: string, namespace = ''): ObjectRef<T> {
  return { kind, name, namespace: kind.namespaced ? namespace : '' };
}

/** `Deployment acme/acme-search`, for messages that people read. */
export function describeRef(ref: ObjectRef): string {
  return ref.namespace === '' ? `${ref.kind.kind} ${ref.name}` : `${ref.kind.kind} ${ref.namespace}/${ref.name}`;
}
