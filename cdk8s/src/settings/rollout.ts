import type { GenAIPlatformSpec } from '@genai-platform/crds';
import { durationSeconds, profileDefaults } from '@genai-platform/crds';

/** A number of pods, or a percentage of all: `1`, `25%`. */
export type PodCount = string | number;

/** How the pods of a workload are replaced. */
export type Replacement =
  | { readonly type: 'Recreate' }
  | { readonly type: 'RollingUpdate'; readonly maxSurge: PodCount; readonly maxUnavailable: PodCount };

/** `spec.rollout` with every default filled in. */
export interface RolloutSettings {
  readonly replacement: Replacement;
  readonly progressDeadlineSeconds: number;
  readonly paused: boolean;
  readonly rollbackPolicy: 'Auto' | 'Manual';
  /** Revisions that are kept beside the current and the last good one. */
  readonly revisionHistoryLimit: number;
}

/** The settings of a platform's rollouts. By default a pod is added before one is taken away. */
export function resolveRollout({ profile, rollout = {} }: GenAIPlatformSpec): RolloutSettings {
  const defaults = profileDefaults[profile].rollout;
  const { strategy, maxSurge = 1, maxUnavailable = 0 } = rollout;
  return {
    replacement: strategy === 'Recreate' ? { type: strategy } : { type: 'RollingUpdate', maxSurge, maxUnavailable },
    progressDeadlineSeconds: durationSeconds(rollout.progressDeadline ?? defaults.progressDeadline),
    paused: rollout.paused ?? false,
    rollbackPolicy: rollout.rollbackPolicy ?? defaults.rollbackPolicy,
    revisionHistoryLimit: rollout.revisionHistoryLimit ?? 10,
  };
}

/** Pods that exist beside the wanted ones while they are replaced; a percentage is rounded up, as Kubernetes does. */
export function surgeOf(replacement: Replacement, pods: number): number {
  if (replacement.type === 'Recreate') return 0;
  const { maxSurge } = replacement;
  const count = Number.parseInt(String(maxSurge), 10);
  return String(maxSurge).endsWith('%') ? Math.ceil((pods * count) / 100) : count;
}
