import type { CatalogueEntry } from './catalogue.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

/** What a platform becomes, in the order in which it is applied. Lists are sorted; equal input gives equal bytes. */
export interface Rendered {
  /** Changes whenever the pods of any workload would. */
  readonly revision: string;
  /** Version in effect: that of the spec, else the operator's release. */
  readonly version: string;
  /** What brings Secrets from a store, before anything reads them; empty without `spec.secrets.externalSecrets`. */
  readonly externalSecrets: readonly KubernetesObject[];
  /** What everything else mounts or is bound by: Secrets, CA bundle, the policy that denies by default. */
  readonly secrets: readonly KubernetesObject[];
  /** Database and cache in the cluster; empty where both are external. */
  readonly data: readonly KubernetesObject[];
  /** Groups of Jobs with what they need; a group starts when the Jobs of the one before succeeded. */
  readonly migrations: readonly (readonly KubernetesObject[])[];
  /** Workloads by wave: a wave starts when the workloads of the one before are verified. */
  readonly waves: readonly (readonly RenderedWorkload[])[];
  /** How the platform is reached from outside; empty without `spec.ingress`. */
  readonly edge: readonly KubernetesObject[];
}

/** One workload and everything that belongs to it alone. */
export interface RenderedWorkload {
  readonly entry: CatalogueEntry;
  /** Name of its Deployment and Service, for example `acme-search`. */
  readonly name: string;
  readonly image: string;
  /** Changes whenever its pods would. */
  readonly revision: string;
  /** Address of its Service inside the cluster, for example `http://acme-search.acme.svc:8004`. */
  readonly url: string;
  readonly objects: readonly KubernetesObject[];
}

/** All objects of a platform; what carries its labels and is not among them is left over from before. */
export function objectsOf(rendered: Rendered): KubernetesObject[] {
  return [
    ...rendered.externalSecrets,
    ...rendered.secrets,
    ...rendered.data,
    ...rendered.migrations.flat(),
    ...rendered.waves.flat().flatMap((workload) => workload.objects),
    ...rendered.edge,
  ];
}
