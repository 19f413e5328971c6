/** Labels by which objects are selected. They are part of immutable selectors: they never change. */
export const platformLabel = 'genaiplatform.io/platform';
export const workloadLabel = 'genaiplatform.io/workload';

/** On volumes and generated Secrets: what `deletionPolicy: Retain` keeps when the platform is deleted. */
export const dataLabel = 'genaiplatform.io/data';

/** Annotation of a pod with a digest of everything that it reads when it starts. */
export const checksumAnnotation = 'genaiplatform.io/checksum';

/** Annotation of a workload's Deployment: the revision of its pod template. */
export const revisionAnnotation = 'genaiplatform.io/revision';

/** What the operator writes in `app.kubernetes.io/managed-by`. */
export const managedBy = 'genai-operator';

/** What the pods of one workload are selected by. */
export function selectorLabels(platform: string, workload: string): Record<string, string> {
  return { [platformLabel]: platform, [workloadLabel]: workload };
}

/**
 * The labels of an object of the platform. `version` belongs on objects and not in pod templates: there it would
 * restart pods whose image is pinned by digest.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function objectLabels(platform: string, workload?: string, version?: string): Record<string, string> {
  return {
    [platformLabel]: platform,
    ...(workload !== undefined && {
      [workloadLabel]: workload,
      'app.kubernetes.io/name': workload,
      'app.kubernetes.io/component': workload,
    }),
    ...(version !== undefined && { 'app.kubernetes.io/version': version }),
    'app.kubernetes.io/instance': platform,
    'app.kubernetes.io/part-of': 'genai-platform',
    'app.kubernetes.io/managed-by': managedBy,
  };
}
