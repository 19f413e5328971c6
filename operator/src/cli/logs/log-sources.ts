import { workloadLabel } from '@genai-platform/cdk8s';
import type { Pod } from '../../platform/kinds.ts';

/** One run of one container. */
export interface LogSource {
  readonly pod: string;
  readonly container: string;
  /** The run before the present one. */
  readonly previous: boolean;
}

/** Which pods, and which runs of their containers. */
export interface SourceChoice {
  /** Workloads; empty: all, but for Jobs that have succeeded. */
  readonly workloads: readonly string[];
  /** Only the runs before the present ones. */
  readonly previous: boolean;
}

/**
 * The runs whose logs are worth reading: the present one of each container that has begun, and the one before of each that
 * crashed and waits for its next try. The migration Job of a service belongs to the service.
 */
export function sourcesOf(pods: readonly Pod[], { workloads, previous }: SourceChoice): LogSource[] {
  return pods
    .filter((pod) => isChosen(pod, workloads))
    .toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name))
    .flatMap((pod) => runsOf(pod, previous));
}

function isChosen({ metadata, status }: Pod, workloads: readonly string[]): boolean {
  const workload = metadata.labels?.[workloadLabel] ?? '';
  if (workloads.length === 0) return status?.phase !== 'Succeeded';
  return workloads.some((name) => workload === name || workload === `${name}-migrate`);
}

function runsOf({ metadata, status }: Pod, onlyPrevious: boolean): LogSource[] {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return containers.flatMap(({ name: container, state, restartCount }) => {
    const source = { pod: metadata.name, container };
    const before = restartCount > 0 ? [{ ...source, previous: true }] : [];
    if (onlyPrevious) return before;
    const began = state?.running !== undefined || state?.terminated !== undefined;
    return began ? [{ ...source, previous: false }] : before;
  });
}

/** `acme-search-abc12/search`, `… (previous)`. */
export function sourceName({ pod, container, previous }: LogSource): string {
  return `${pod}/${container}${previous ? ' (previous)' : ''}`;
}
