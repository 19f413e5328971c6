import type { V1ContainerStatus } from '@kubernetes/client-node';
import type { Pod } from '../kinds.ts';

/** Why something does not get ready: one word for machines, one sentence that names object and cause for people. */
export interface Diagnosis {
  readonly reason: string;
  readonly message: string;
}

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

const SEVERITIES = ['ImagePullFailed', 'ContainerConfigInvalid', 'ContainerCrashing', 'Unschedulable', 'ProbeFailing'];
const severity = ({ reason }: Diagnosis): number => SEVERITIES.indexOf(reason);

function unschedulable(pod: Pod): Diagnosis | undefined {
  const scheduled = pod.status?.conditions?.find((condition) => condition.type === 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  return { reason: 'Unschedulable', message: `no node takes pod ${nameOf(pod)}: ${scheduled.message ?? 'no reason'}` };
}

function failingContainer(pod: Pod): Diagnosis | undefined {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const status of statuses) {
    const diagnosis = diagnoseContainer(status);
    if (diagnosis) return { ...diagnosis, message: `container ${status.name}: ${diagnosis.message}` };
  }
  return undefined;
}

function diagnoseContainer(status: V1ContainerStatus): Diagnosis | undefined {
  const waiting = status.state?.waiting;
  switch (waiting?.reason) {
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'ErrImageNeverPull':
    case 'InvalidImageName':
    case 'ImageInspectError':
      return { reason: 'ImagePullFailed', message: `image ${status.image}: ${pullError(waiting.message)}` };
    case 'CreateContainerConfigError':
    case 'CreateContainerError':
    case 'RunContainerError':
      return { reason: 'ContainerConfigInvalid', message: waiting.message ?? waiting.reason };
    default:
      return crash(status) ?? probeFailure(status);
  }
}

/** A pull is tried, fails and backs off by turns, each with words of its own around the same cause. */
function pullError(message: string | undefined): string {
  return (message ?? 'cannot be pulled').replace(/^Back-off pulling image "[^"]*"(: )?(ErrImagePull: )?/, '') || 'cannot be pulled'; // prettier-ignore
}

function crash(status: V1ContainerStatus): Diagnosis | undefined {
  const ended = status.state?.terminated ?? (status.ready ? undefined : status.lastState?.terminated);
  if (ended === undefined || ended.exitCode === 0) return undefined;
  const how = ended.reason && ended.reason !== 'Error' ? `${ended.reason}, exit code ${ended.exitCode}` : `exit code ${ended.exitCode}`; // prettier-ignore
  const words = ended.message?.trim();
  return {
    reason: 'ContainerCrashing',
    message: words ? `ended with ${how}: ${lastLines(words)}` : `ended with ${how}`,
  };
}

function probeFailure(status: V1ContainerStatus): Diagnosis | undefined {
  // `started` is set once the startup probe has passed: from then on not ready means that the readiness probe fails.
  if (!status.state?.running || !status.started || status.ready) return undefined;
  return { reason: 'ProbeFailing', message: 'runs, but its readiness probe does not succeed' };
}

const MAX_WORDS = 600;

/** The end of a text, where programs say why they stopped. */
export function lastLines(text: string): string {
  return text.length <= MAX_WORDS ? text : `…${text.slice(-MAX_WORDS)}`;
}

function nameOf({ metadata }: Pod): string {
  // A StatefulSet's pods keep their names; those of others end at random and would change the text at each replacement.
  const stable = metadata.ownerReferences?.some((owner) => owner.kind === 'StatefulSet');
  return stable ? metadata.name : metadata.name.replace(/-[a-z0-9]{5}$/, '');
}
