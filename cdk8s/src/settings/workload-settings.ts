import type {
  EnvironmentVariable,
  GenAIPlatformSpec,
  ProfileDefaults,
  Scheduling,
  Workload,
} from '@genai-platform/crds';
import type { CatalogueEntry } from '../catalogue.ts';
import { catalogue } from '../catalogue.ts';
import type { PodResources } from './pod-resources.ts';
import { podResources } from './pod-resources.ts';
import type { Replicas } from './replicas.ts';
import { resolveReplicas } from './replicas.ts';

/** One workload of the catalogue with its settings, complete. */
export interface WorkloadSettings {
  readonly entry: CatalogueEntry;
  readonly replicas: Replicas;
  readonly resources: PodResources;
  readonly env: readonly EnvironmentVariable[];
  readonly scheduling: Scheduling;
}

/** The enabled workloads in the order of the catalogue. */
export function resolveWorkloads(spec: GenAIPlatformSpec, defaults: ProfileDefaults): WorkloadSettings[] {
  return catalogue.filter((entry) => isEnabled(spec, entry)).map((entry) => resolveWorkload(spec, entry, defaults));
}

function isEnabled(spec: GenAIPlatformSpec, entry: CatalogueEntry): boolean {
  if (entry.setting === 'gateway') return true;
  return (entry.setting === 'auth' ? spec.auth : spec.services?.[entry.setting])?.enabled !== false;
}

/** What the user says of a workload. */
function givenFor({ gateway, auth, services }: GenAIPlatformSpec, { setting }: CatalogueEntry): Workload | undefined {
  if (setting === 'gateway') return gateway;
  return setting === 'auth' ? auth : services?.[setting];
}

function resolveWorkload(spec: GenAIPlatformSpec, entry: CatalogueEntry, defaults: ProfileDefaults): WorkloadSettings {
  const given: Workload = givenFor(spec, entry) ?? {};
  const { nodeSelector, tolerations, affinity, priorityClassName, annotations } = given;
  return {
    entry,
    replicas: resolveReplicas(defaults, given),
    resources: podResources(defaults.workloads[entry.size], given.resources),
    // A list by name: its order means nothing to the user and must not restart pods.
    env: [...(given.env ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1)),
    scheduling: { nodeSelector, tolerations, affinity, priorityClassName, annotations },
  };
}
