import type { RenderedWorkload } from '@genai-platform/cdk8s';
import { selectorLabels } from '@genai-platform/cdk8s';
import type { WorkloadStatus } from '@genai-platform/crds';
import { refTo } from '../../runtime/index.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { diagnoseWorkload } from '../diagnosis/workload.ts';
import type { Deployment } from '../kinds.ts';
import { Deployments, Pods } from '../kinds.ts';
import { isAvailable, isRolledOut, isServing, wantedPods } from '../rollout.ts';
import type { PlatformContext } from '../session.ts';
import { isVerified, rowOf } from './row.ts';

/** What is seen of one workload. */
export interface Observation {
  /** With a reason unless its wanted revision is verified and serves, or may now be verified. */
  readonly row: WorkloadStatus;
  /** Every pod is of the newest template and available. */
  readonly rolledOut: boolean;
}

/**
 * Looks at one workload. Once its wanted revision is verified it is ready as long as its pods serve: pods that an
 * autoscaler adds, or that move to another node, do not make the platform unready while nothing is wrong with them.
 */
export async function observeWorkload(workload: RenderedWorkload, context: PlatformContext): Promise<Observation> {
  const deployment = context.observe(refTo(Deployments, workload.name, context.session.platform.metadata.namespace));
  const row = rowOf(workload, deployment, context);
  const rolledOut = deployment !== undefined && isRolledOut(deployment);
  const verified = isVerified(row);
  if (rolledOut || (verified && isAvailable(deployment))) return { row, rolledOut };
  const { reason, message } = await explain(workload, deployment, context);
  const growing = verified && reason === 'RollingOut' && isServing(deployment);
  return { row: growing ? row : { ...row, reason, message }, rolledOut };
}

async function explain(
  workload: RenderedWorkload,
  deployment: Deployment | undefined,
  context: PlatformContext,
): Promise<Diagnosis> {
  if (!deployment) return { reason: 'Waiting', message: 'waits for what comes before it' };
  const { session, signal } = context;
  const pods = context.observeLabelled(Pods, selectorLabels(session.platform.metadata.name, workload.entry.name));
  const trouble = await diagnoseWorkload({ controller: deployment, pods }, session.deps.words, signal);
  if (trouble) session.problems.push(trouble);
  const { updatedReplicas = 0, availableReplicas = 0 } = deployment.status ?? {};
  const wanted = wantedPods(deployment);
  return (
    trouble ?? {
      reason: 'RollingOut',
      message: `${Math.min(updatedReplicas, availableReplicas)}/${wanted} pods available`,
    }
  );
}
