import type { ProfileDefaults, Workload } from '@genai-platform/crds';
import type { Replacement } from './rollout.ts';
import { surgeOf } from './rollout.ts';

/** How many pods a workload has. */
export type Replicas =
  | { readonly kind: 'fixed'; readonly count: number }
  | { readonly kind: 'autoscaled'; readonly min: number; readonly max: number; readonly targetCpuPercent: number };

const defaultTargetCpuPercent = 80;

/** The given number or bounds over those of the profile; a bound that is not given yields to the one that is. */
export function resolveReplicas(profile: ProfileDefaults, given: Workload | undefined): Replicas {
  if (given?.replicas !== undefined) return { kind: 'fixed', count: given.replicas };
  const { minReplicas, maxReplicas, targetCPUUtilizationPercentage } = given?.autoscaling ?? {};
  const min = minReplicas ?? Math.min(profile.minReplicas, maxReplicas ?? profile.minReplicas);
  return {
    kind: 'autoscaled',
    min,
    max: maxReplicas ?? Math.max(profile.maxReplicas, min),
    targetCpuPercent: targetCPUUtilizationPercentage ?? defaultTargetCpuPercent,
  };
}

/** Most pods that can exist at once, those included that a rolling update adds. */
export function mostPods(replicas: Replicas, replacement: Replacement): number {
  const pods = replicas.kind === 'fixed' ? replicas.count : replicas.max;
  return pods + surgeOf(replacement, pods);
}
