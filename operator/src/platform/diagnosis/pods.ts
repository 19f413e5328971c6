import type { Pod } from '../kinds.ts';
import { diagnoseContainer } from './container.ts';
import type { Diagnosis } from './diagnosis.ts';

// The nearest cause first: a pod that cannot pull its image also fails its probe.
const SEVERITIES = ['ImagePullFailed', 'ContainerConfigInvalid', 'ContainerCrashing', 'Unschedulable', 'ProbeFailing'];

/**
 * The most telling reason why pods of one workload are not ready, in the pods' own words, or undefined when they say
 * nothing beyond "starting". Free of counters and back-off times, so that the same trouble gives the same text.
 */
export function diagnosePods(pods: readonly Pod[]): Diagnosis | undefined {
  const found = pods
    .filter((pod) => pod.metadata.deletionTimestamp === undefined)
    .map((pod) => unschedulable(pod) ?? failingContainer(pod))
    .filter((diagnosis) => diagnosis !== undefined);
  // Sorted, because the order in which pods come from the cache says nothing and must not change the status.
  return found.sort((a, b) => severity(a) - severity(b) || a.message.localeCompare(b.message))[0];
}

const severity = ({ reason }: Diagnosis): number => SEVERITIES.indexOf(reason);

function unschedulable(pod: Pod): Diagnosis | undefined {
  const scheduled = pod.status?.conditions?.find((condition) => condition.type === 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  return { reason: 'Unschedulable', message: `no node takes pod ${nameOf(pod)}: ${scheduled.message ?? 'no reason'}` };
}

function failingContainer({ status }: Pod): Diagnosis | undefined {
  for (const container of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const diagnosis = diagnoseContainer(container);
    if (diagnosis) return { ...diagnosis, message: `container ${container.name}: ${diagnosis.message}` };
  }
  return undefined;
}

function nameOf({ metadata }: Pod): string {
  // A StatefulSet's pods keep their names; those of others end at random and would change the text at each replacement.
  const stable = metadata.ownerReferences?.some((owner) => owner.kind === 'StatefulSet');
  return stable ? metadata.name : metadata.name.replace(/-[a-z0-9]{5}$/, '');
}
