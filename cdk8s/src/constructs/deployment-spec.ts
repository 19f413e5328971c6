import { k8s } from 'cdk8s-plus-28';
import type { PodCount, RolloutSettings } from '../settings/rollout.ts';
import type { WorkloadSettings } from '../settings/workload-settings.ts';

/** The spec of a workload's Deployment around its pod template. */
export function deploymentSpec(
  { replicas }: WorkloadSettings,
  { replacement, progressDeadlineSeconds }: RolloutSettings,
  pods: { selector: Record<string, string>; template: k8s.PodTemplateSpec },
): k8s.DeploymentSpec {
  return {
    // With an autoscaler the number is the autoscaler's: writing it here would undo its decisions.
    ...(replicas.kind === 'fixed' && { replicas: replicas.count }),
    selector: { matchLabels: pods.selector },
    template: pods.template,
    strategy:
      replacement.type === 'Recreate'
        ? { type: 'Recreate' }
        : {
            type: 'RollingUpdate',
            rollingUpdate: {
              maxSurge: podCount(replacement.maxSurge),
              maxUnavailable: podCount(replacement.maxUnavailable),
            },
          },
    // A pod must have been ready for a while before it counts: it may fail at once.
    minReadySeconds: 3,
    progressDeadlineSeconds,
    revisionHistoryLimit: 3,
  };
}

function podCount(count: PodCount): k8s.IntOrString {
  return typeof count === 'number' ? k8s.IntOrString.fromNumber(count) : k8s.IntOrString.fromString(count);
}
