import type { KubeObject } from '../object.ts';
import type { ResourceKind } from '../resource-kind.ts';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'apply' | 'delete';

/** Media types of the patch formats that the runtime uses. */
export const mediaTypes = {
  json: 'application/json',
  apply: 'application/apply-patch+yaml',
  mergePatch: 'application/merge-patch+json',
} as const;

/** One request to the API server, before retries. */
export interface ApiCall {
  readonly verb: Verb;
  readonly kind: ResourceKind;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  /** In place of all that, for what is no object: `/version`. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
  /** Over all attempts. */
  readonly deadlineMs?: number;
  /** Runs just before each attempt is sent; throws to forbid it. */
  readonly guard?: () => void;
}

/** A reply with a 2xx status. */
export interface Reply<T> {
  readonly status: number;
  readonly body: T;
}

/** The body of a LIST. Items of built-in kinds come without apiVersion and kind. */
export interface ObjectList<T extends KubeObject = KubeObject> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items: readonly T[] | null;
}

const methods: Readonly<Record<Verb, 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>> = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  apply: 'PATCH',
  delete: 'DELETE',
};

/**
 * The media type of the reply. A watch of metadata sends them one by one, a LIST as a list:
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
 */
export function acceptOf({ verb, kind }: ApiCall): string {
  if (!kind.metadataOnly) return mediaTypes.json;
  const as = verb === 'list' ? 'PartialObjectMetadataList' : 'PartialObjectMetadata';
  return `${mediaTypes.json};as=${as};g=meta.k8s.io;v=v1`;
}

export function methodOf(verb: Verb): 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' {
  return methods[verb];
}

/** Whether the verb changes anything in the cluster. */
export function isWrite(verb: Verb): boolean {
  return verb !== 'get' && verb !== 'list' && verb !== 'watch';
}

/** Path and query of a call: `/apis/apps/v1/namespaces/acme/deployments/acme-search?force=true`. */
export function pathOf(call: ApiCall): string {
  if (call.path !== undefined) return `${call.path}${queryText(call.query ?? {})}`;
  const { group, version, plural, namespaced } = call.kind;
  const root = group === '' ? ['api', version] : ['apis', group, version];
  const place = namespaced && call.namespace ? ['namespaces', call.namespace] : [];
  const segments = [...root, ...place, plural, call.name, call.subresource].filter((segment) => segment !== undefined);
  return `/${segments.map(encodeURIComponent).join('/')}${queryText(call.query ?? {})}`;
}

function queryText(query: NonNullable<ApiCall['query']>): string {
  const present = Object.entries(query).filter(([, value]) => value !== undefined);
  if (present.length === 0) return '';
  return `?${new URLSearchParams(present.map(([name, value]): [string, string] => [name, String(value)])).toString()}`;
}
