import type { LiveObject } from '../../runtime/index.ts';
import { mapLimit } from '../../runtime/index.ts';
import { diagnosePods } from '../diagnosis/pods.ts';
import type { Pod, StatefulSet } from '../kinds.ts';
import type { PlatformContext } from '../session.ts';

/** The label by which a StatefulSet tells the pods of its templates apart. */
const HASH_LABEL = 'controller-revision-hash';

/**
 * Deletes pods of an earlier template that will never get ready: a StatefulSet waits for them before it replaces them,
 * which would hold up what is to mend them for ever. One that runs and is merely not ready is left alone.
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
 */
export async function replaceStuck(
  { metadata, status }: StatefulSet,
  pods: readonly LiveObject<Pod>[],
  context: PlatformContext,
): Promise<void> {
  const { observedGeneration, updateRevision } = status ?? {};
  if (updateRevision === undefined || observedGeneration !== metadata.generation) return;
  const stuck = pods.filter((pod) => {
    const outdated = pod.metadata.labels?.[HASH_LABEL] !== updateRevision;
    const trouble = diagnosePods([pod]);
    return outdated && trouble !== undefined && trouble.reason !== 'ProbeFailing';
  });
  await mapLimit(stuck, 1, (pod) => context.delete(pod));
}
