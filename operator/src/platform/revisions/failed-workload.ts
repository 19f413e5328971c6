import type { RenderedWorkload } from '@genai-platform/cdk8s';
import { selectorLabels } from '@genai-platform/cdk8s';
import type { WorkloadStatus } from '@genai-platform/crds';
import { refTo } from '../../runtime/index.ts';
import type { Pod } from '../kinds.ts';
import { Deployments, Pods } from '../kinds.ts';
import { missedDeadline, rolledOutAtMs } from '../rollout.ts';
import type { PlatformContext } from '../session.ts';

/** What pods say of themselves and what waiting seldom mends; registries and neighbours get this long to recover. */
const HOPELESS: ReadonlySet<string> = new Set(['ImagePullFailed', 'ContainerConfigInvalid', 'ContainerCrashing']);
const PATIENCE_MS = 60_000;

/**
 * Whether a workload has failed to roll out, as opposed to being on its way: no progress within the deadline, or a
 * trouble that lasts although it needs no deadline to be believed.
 */
export function hasFailed(workload: RenderedWorkload, { reason }: WorkloadStatus, context: PlatformContext): boolean {
  const { name, namespace } = context.session.platform.metadata;
  const deployment = context.observe(refTo(Deployments, workload.name, namespace));
  if (reason === undefined || !deployment) return false;
  if (missedDeadline(deployment)) return true;
  const patienceMs = patienceOf(context);
  if (reason === 'VerificationFailed') {
    return context.clock.now() - (rolledOutAtMs(deployment) ?? Infinity) >= patienceMs;
  }
  return isHopeless(reason, context.observeLabelled(Pods, selectorLabels(name, workload.entry.name)), context);
}

/** Whether pods in such trouble have been so for long enough. */
export function isHopeless(reason: string, pods: readonly Pod[], context: PlatformContext): boolean {
  if (!HOPELESS.has(reason)) return false;
  const since = pods.filter(isStarting).map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ''));
  return since.some((createdAtMs) => context.clock.now() - createdAtMs >= patienceOf(context));
}

function isStarting({ metadata, status }: Pod): boolean {
  const ready = status?.conditions?.some(({ type, status: holds }) => type === 'Ready' && holds === 'True');
  return metadata.deletionTimestamp === undefined && ready !== true;
}

function patienceOf({ session }: PlatformContext): number {
  return Math.min(PATIENCE_MS, session.rollout.progressDeadlineSeconds * 1_000);
}
