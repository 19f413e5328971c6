import { checksumAnnotation, selectorLabels } from '@genai-platform/cdk8s';
import type { Deployment, Pod } from '../kinds.ts';
import { Deployments, Pods } from '../kinds.ts';
import type { PlatformContext } from '../session.ts';

/**
 * Whether a pod of the workload is left that was started with what its Secrets held before: one that is ending counts, as
 * it may still be answering.
 */
export function hasUsersLeft(workload: string, context: PlatformContext): boolean {
  const { session } = context;
  const wanted = session.rendered.waves.flat().find(({ entry }) => entry.name === workload);
  const deployment = wanted?.objects.find(({ kind }) => kind === Deployments.kind) as Deployment | undefined;
  const current = deployment?.spec?.template.metadata?.annotations?.[checksumAnnotation];
  return context
    .observeLabelled(Pods, selectorLabels(session.platform.metadata.name, workload))
    .some((pod) => !hasEnded(pod) && pod.metadata.annotations?.[checksumAnnotation] !== current);
}

function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}
