import type { k8s } from 'cdk8s-plus-28';

/** The user that the images of the workloads run as. */
export const workloadUserId = 65_532;

/** The user that the official images of PostgreSQL and Valkey run as. */
export const databaseUserId = 999;

/**
 * Together with `containerSecurity` what the policy `restricted` demands, and a read-only root file system beyond it.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function podSecurity(userId: number): k8s.PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: userId,
    runAsGroup: userId,
    fsGroup: userId,
    // The default, Always, changes the owner of every file of a volume at each start of the pod.
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

export const containerSecurity: k8s.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};
