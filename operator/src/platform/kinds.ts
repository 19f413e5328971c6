import type {
  V1ConfigMap,
  V1Deployment,
  V1Ingress,
  V1Job,
  V1NetworkPolicy,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodDisruptionBudget,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import type { RevisionContent } from '@genai-platform/cdk8s';
import type { GenAIPlatform } from '@genai-platform/crds';
import { api } from '@genai-platform/crds';
import type { KubeObject, ObjectRef, ResourceKind } from '../runtime/index.ts';
import { apiVersionOf, refTo } from '../runtime/index.ts';

// client-node's types describe the objects; its metadata has Date where JSON has text, so the runtime's stands in.
type Kube<T> = Omit<T, 'apiVersion' | 'kind' | 'metadata'> & KubeObject;

export type ConfigMap = Kube<V1ConfigMap>;
export type Deployment = Kube<V1Deployment>;
export type Ingress = Kube<V1Ingress>;
export type Job = Kube<V1Job>;
export type PersistentVolumeClaim = Kube<V1PersistentVolumeClaim>;
export type Pod = Kube<V1Pod>;
export type Secret = Kube<V1Secret>;
export type StatefulSet = Kube<V1StatefulSet>;
export type HttpRoute = KubeObject & {
  readonly status?: { readonly parents?: readonly { readonly conditions?: readonly ForeignCondition[] }[] };
};
/** Client-node's type has `any` where ours has the content of a revision. */
export type ControllerRevision = KubeObject & {
  readonly data?: { readonly spec: RevisionContent };
  readonly revision: number;
};
export type VolumeSnapshot = KubeObject & {
  readonly spec: { readonly source: { readonly persistentVolumeClaimName: string } };
  readonly status?: { readonly readyToUse?: boolean; readonly error?: { readonly message?: string } };
};
export type Platform = GenAIPlatform & KubeObject;

export type ExternalSecret = KubeObject & {
  readonly status?: { readonly conditions?: readonly ForeignCondition[] };
};

interface ForeignCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message?: string;
}

function namespaced<T extends KubeObject>(apiVersion: string, kind: string, plural: string): ResourceKind<T> {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  return { group, version, kind, plural, namespaced: true };
}

export const Platforms: ResourceKind<Platform> = namespaced(api.apiVersion, api.kind, api.plural);
export const ConfigMaps: ResourceKind<ConfigMap> = namespaced('v1', 'ConfigMap', 'configmaps');
export const PersistentVolumeClaims: ResourceKind<PersistentVolumeClaim> = namespaced('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'); // prettier-ignore
export const Pods: ResourceKind<Pod> = namespaced('v1', 'Pod', 'pods');
export const Secrets: ResourceKind<Secret> = namespaced('v1', 'Secret', 'secrets');
export const ServiceAccounts: ResourceKind<Kube<V1ServiceAccount>> = namespaced('v1', 'ServiceAccount', 'serviceaccounts'); // prettier-ignore
export const Services: ResourceKind<Kube<V1Service>> = namespaced('v1', 'Service', 'services');
export const Deployments: ResourceKind<Deployment> = namespaced('apps/v1', 'Deployment', 'deployments');
export const StatefulSets: ResourceKind<StatefulSet> = namespaced('apps/v1', 'StatefulSet', 'statefulsets');
export const ControllerRevisions: ResourceKind<ControllerRevision> = namespaced('apps/v1', 'ControllerRevision', 'controllerrevisions'); // prettier-ignore
export const Jobs: ResourceKind<Job> = namespaced('batch/v1', 'Job', 'jobs');
export const HorizontalPodAutoscalers: ResourceKind<Kube<V2HorizontalPodAutoscaler>> = namespaced('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'); // prettier-ignore
export const PodDisruptionBudgets: ResourceKind<Kube<V1PodDisruptionBudget>> = namespaced('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'); // prettier-ignore
export const NetworkPolicies: ResourceKind<Kube<V1NetworkPolicy>> = namespaced('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'); // prettier-ignore
export const Ingresses: ResourceKind<Ingress> = namespaced('networking.k8s.io/v1', 'Ingress', 'ingresses');
export const Certificates: ResourceKind<HttpRoute> = namespaced('cert-manager.io/v1', 'Certificate', 'certificates');
export const ExternalSecrets: ResourceKind<ExternalSecret> = namespaced('external-secrets.io/v1', 'ExternalSecret', 'externalsecrets'); // prettier-ignore
export const HttpRoutes: ResourceKind<HttpRoute> = namespaced(
  'gateway.networking.k8s.io/v1',
  'HTTPRoute',
  'httproutes',
);

export const VolumeSnapshots: ResourceKind<VolumeSnapshot> = namespaced('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', 'volumesnapshots'); // prettier-ignore

/**
 * Secrets of others, of which nothing is known but that they are there and in which version: what is in them is read when
 * a platform names them. Those of a platform, and the many of Helm's, are left out.
 */
export const OthersSecrets: ResourceKind = {
  ...namespaced('v1', 'PartialObjectMetadata', 'secrets'),
  metadataOnly: true,
};

/** Every kind that a platform consists of, in no order that matters. */
export const ownedKinds: readonly ResourceKind[] = [
  Secrets,
  ConfigMaps,
  ServiceAccounts,
  Services,
  Deployments,
  StatefulSets,
  Jobs,
  HorizontalPodAutoscalers,
  PodDisruptionBudgets,
  NetworkPolicies,
  Ingresses,
  Certificates,
  HttpRoutes,
  ExternalSecrets,
  PersistentVolumeClaims,
  VolumeSnapshots,
  ControllerRevisions,
];

/** Kinds of other products, which may not be installed: only a platform that asks for them needs them. */
export const foreignKinds: readonly ResourceKind[] = [Certificates, HttpRoutes, VolumeSnapshots, ExternalSecrets];

// A volume outlives the server that it was made for: what is in a cache that moved away is not ours to throw away.
const lastingKinds: readonly ResourceKind[] = [VolumeSnapshots, Secrets, PersistentVolumeClaims, ControllerRevisions];

/** Kinds whose objects are removed when a platform no longer consists of them; data, its keys and history are not among them. */
export const disposableKinds: readonly ResourceKind[] = ownedKinds.filter((kind) => !lastingKinds.includes(kind));

/**
 * Where an object of an owned kind is.
 * @throws Error for a kind that is not in the list: it would be applied and never removed.
 */
export function refOf({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  const found = ownedKinds.find((owned) => owned.kind === kind && apiVersionOf(owned) === apiVersion);
  if (!found) throw new Error(`${apiVersion} ${kind} is not among the kinds that a platform consists of`);
  return refTo(found, metadata.name, metadata.namespace);
}
