import type { Construct } from 'constructs';
import { k8s } from 'cdk8s-plus-28';
import type { Replicas } from '../settings/replicas.ts';
import type { Named } from './plain-objects.ts';

/** Chooses the number of pods of the Deployment of the same name by its use of processor time. */
export function autoscaler(
  scope: Construct,
  metadata: Named,
  replicas: Extract<Replicas, { kind: 'autoscaled' }>,
): void {
  new k8s.KubeHorizontalPodAutoscalerV2(scope, 'autoscaler', {
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name },
      minReplicas: replicas.min,
      maxReplicas: replicas.max,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: replicas.targetCpuPercent } },
        },
      ],
    },
  });
}
