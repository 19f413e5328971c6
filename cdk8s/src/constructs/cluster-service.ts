import type { Construct } from 'constructs';
import { k8s } from 'cdk8s-plus-28';
import type { Named } from './plain-objects.ts';

/** The port of a Service; the target has the same name. */
export interface ServicePort {
  readonly name: string;
  readonly number: number;
}

/** A stable address inside the cluster for the selected pods. */
export function clusterService(
  scope: Construct,
  metadata: Named,
  selector: Record<string, string>,
  port: ServicePort,
): void {
  new k8s.KubeService(scope, 'service', {
    metadata,
    spec: {
      type: 'ClusterIP',
      selector,
      ports: [
        { name: port.name, port: port.number, protocol: 'TCP', targetPort: k8s.IntOrString.fromString(port.name) },
      ],
    },
  });
}
