import type { Deployment, Job, StatefulSet } from './kinds.ts';

/** How many pods there are to be; the default of the API is one. */
export function wantedPods(controller: Deployment | StatefulSet | undefined): number {
  return controller?.spec?.replicas ?? 1;
}

/** Whether every pod of the Deployment is of its newest template and available; as `kubectl rollout status` says. */
export function isRolledOut(deployment: Deployment): boolean {
  const { metadata, status } = deployment;
  const wanted = wantedPods(deployment);
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {};
  return isObserved(metadata.generation, status) && updatedReplicas >= wanted && replicas <= updatedReplicas && availableReplicas >= updatedReplicas; // prettier-ignore
}

/** Whether as many pods of the Deployment are available as it wants at least, of whatever template. */
export function isAvailable(deployment: Deployment | undefined): boolean {
  const conditions = deployment?.status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === 'Available' && status === 'True');
}

/** Whether any pod of the Deployment is available, of whatever template. */
export function isServing(deployment: Deployment | undefined): boolean {
  return (deployment?.status?.availableReplicas ?? 0) > 0;
}

/** Whether every pod of the StatefulSet is of its newest template and ready. */
export function isStatefulSetReady(set: StatefulSet): boolean {
  const { metadata, status } = set;
  const wanted = wantedPods(set);
  const { readyReplicas = 0, currentRevision, updateRevision, updatedReplicas = 0 } = status ?? {};
  const current = currentRevision === updateRevision || updatedReplicas >= wanted;
  return isObserved(metadata.generation, status) && current && readyReplicas >= wanted;
}

/** How a Job stands. */
export function jobState({ status }: Job): 'running' | 'complete' | 'failed' {
  const holds = (type: string): boolean =>
    status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
  if (holds('Complete')) return 'complete';
  return holds('Failed') || holds('FailureTarget') ? 'failed' : 'running';
}

/**
 * When a Job failed for good, in milliseconds since 1970; undefined while it has not. That it is going to fail
 * (`FailureTarget`, while its last pods end) counts, as it does for `jobState`.
 */
export function failedAtMs({ status }: Job): number | undefined {
  // client-node's type says Date; over the wire, and so in the cache, it is text.
  const holding = status?.conditions?.filter(({ status: holds }) => holds === 'True') ?? [];
  const failed = ['Failed', 'FailureTarget'].map((type) => holding.find((condition) => condition.type === type)).find((condition) => condition !== undefined); // prettier-ignore
  return failed?.lastTransitionTime === undefined ? undefined : Date.parse(String(failed.lastTransitionTime));
}

interface Progress {
  readonly status: string;
  readonly reason?: string;
  // client-node's type says Date; over the wire, and so in the cache, it is text.
  readonly lastUpdateTime?: Date;
}

function progressOf({ metadata, status }: Deployment): Progress | undefined {
  if (!isObserved(metadata.generation, status)) return undefined;
  return status?.conditions?.find(({ type }) => type === 'Progressing');
}

/** Whether the pods of the Deployment's newest template have made no progress within its deadline. */
export function missedDeadline(deployment: Deployment): boolean {
  return progressOf(deployment)?.status === 'False';
}

/** When the Deployment's newest template was rolled out, in milliseconds since 1970; undefined before. */
export function rolledOutAtMs(deployment: Deployment): number | undefined {
  const { reason, lastUpdateTime } = progressOf(deployment) ?? {};
  return reason === 'NewReplicaSetAvailable' ? Date.parse(String(lastUpdateTime)) : undefined;
}

function isObserved(generation: number | undefined, status: { observedGeneration?: number } | undefined): boolean {
  return (status?.observedGeneration ?? 0) >= (generation ?? 0);
}
