import type { Deployment, Job, PersistentVolumeClaim, Pod, StatefulSet } from '../kinds.ts';
import type { ClusterEvent, ClusterWords } from './cluster-words.ts';
import { diagnoseRefusal } from './creation-refused.ts';
import type { Diagnosis } from './diagnosis.ts';
import { diagnosePods } from './pods.ts';

/** Something that makes pods, the pods it made so far, and the volumes they wait for. */
export interface Workload {
  readonly controller: Deployment | StatefulSet | Job;
  readonly pods: readonly Pod[];
  readonly claims?: readonly PersistentVolumeClaim[];
}

/**
 * Why a workload does not get ready, from what is nearest to the cause: its pods' own words, then the refusal to make
 * pods, then its volumes, then the events of its pods. Undefined when nothing is wrong yet but time.
 */
export async function diagnoseWorkload(
  workload: Workload,
  words: ClusterWords,
  signal: AbortSignal,
): Promise<Diagnosis | undefined> {
  const bound = diagnosePods(workload.pods.filter((pod) => !waitsForVolume(pod)));
  return (
    bound ??
    refusedByCondition(workload.controller) ??
    (await refusedByEvent(workload, words, signal)) ??
    (await missingVolume(workload, words, signal)) ??
    diagnosePods(workload.pods) ??
    (await podTrouble(workload, words, signal))
  );
}

/** The scheduler only repeats that a volume is not bound; the volume's own events say why. */
function waitsForVolume(pod: Pod): boolean {
  const scheduled = pod.status?.conditions?.find((condition) => condition.type === 'PodScheduled');
  return scheduled?.status === 'False' && /unbound|PersistentVolumeClaim/i.test(scheduled.message ?? '');
}

/** A Deployment copies the refusal from its ReplicaSet. */
function refusedByCondition(controller: Workload['controller']): Diagnosis | undefined {
  const conditions: { type: string; status: string; message?: string }[] = controller.status?.conditions ?? [];
  const refused = conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  return refused && diagnoseRefusal(refused.message ?? 'pods cannot be created');
}

/** StatefulSets and Jobs have no condition for it, only events. */
async function refusedByEvent(
  { controller, pods }: Workload,
  words: ClusterWords,
  signal: AbortSignal,
): Promise<Diagnosis | undefined> {
  if (controller.kind === 'Deployment' || pods.length > 0) return undefined;
  const event = await newest(controller, ['FailedCreate'], { words, signal });
  return event && diagnoseRefusal(event.message);
}

async function missingVolume(
  { claims = [] }: Workload,
  words: ClusterWords,
  signal: AbortSignal,
): Promise<Diagnosis | undefined> {
  for (const claim of claims.filter(({ status }) => status?.phase === 'Pending')) {
    const event = await newest(claim, ['ProvisioningFailed', 'FailedBinding'], { words, signal });
    if (!event) continue;
    const { reason } = diagnoseRefusal(event.message);
    const message = `volume ${claim.metadata.name}: ${event.message}`;
    return { reason: reason === 'StorageClassMissing' ? reason : 'VolumeNotBound', message };
  }
  return undefined;
}

const POD_TROUBLES = ['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox', 'FailedMapVolume'];

async function podTrouble(
  { pods }: Workload,
  words: ClusterWords,
  signal: AbortSignal,
): Promise<Diagnosis | undefined> {
  for (const pod of pods.filter((candidate) => !isReady(candidate))) {
    const event = await newest(pod, POD_TROUBLES, { words, signal });
    if (event)
      return { reason: event.reason === 'FailedMount' ? 'VolumeMountFailed' : event.reason, message: event.message };
  }
  return undefined;
}

function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

interface Asking {
  readonly words: ClusterWords;
  readonly signal: AbortSignal;
}

async function newest(
  { metadata }: Pick<Pod, 'metadata'>,
  reasons: readonly string[],
  { words, signal }: Asking,
): Promise<ClusterEvent | undefined> {
  const { namespace = '', uid = '' } = metadata;
  const events = await words.warnings({ namespace, uid }, signal);
  return events.find((event) => reasons.includes(event.reason));
}
