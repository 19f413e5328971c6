import { platformLabel, workloadLabel } from '@genai-platform/cdk8s';

/** What the pods of a workload of the platform acme are selected by. */
export function podSelector(workload: string): object {
  return { matchLabels: { [platformLabel]: 'acme', [workloadLabel]: workload } };
}

/** What every container is allowed: nothing. */
export const restrictedContainer = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};

/** What every pod has beside its containers and volumes. */
export function restrictedPod(userId: number, serviceAccountName: string): Record<string, unknown> {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      fsGroup: userId,
      fsGroupChangePolicy: 'OnRootMismatch',
      runAsGroup: userId,
      runAsNonRoot: true,
      runAsUser: userId,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    serviceAccountName,
  };
}

/** A Secret mounted so that only its owner and group can read it. */
export function secretVolume(name: string, secretName: string, ...keys: readonly string[]): object {
  const items = keys.length > 0 && { items: keys.map((key) => ({ key, path: key })) };
  return { name, secret: { defaultMode: 0o440, secretName, ...items } };
}
