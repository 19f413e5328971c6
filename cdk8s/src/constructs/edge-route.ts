import type { Ingress } from '@genai-platform/crds';
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { objectLabels } from '../labels.ts';
import type { Settings } from '../settings/settings.ts';

export interface EdgeRouteProps {
  readonly settings: Settings;
  readonly host: string;
  readonly gateway: NonNullable<Ingress['gatewayRef']>;
}

/**
 * Everything under the host goes from a Gateway to the platform's gateway. Sessions stream for long, so the route has
 * no timeout of its own. https://gateway-api.sigs.k8s.io/reference/spec/#httproute
 */
export class EdgeRoute extends Construct {
  constructor(scope: Construct, id: string, { settings, host, gateway }: EdgeRouteProps) {
    super(scope, id);
    const { platform, names, ingress, workloads } = settings;
    const port = workloads.find(({ entry }) => entry.name === 'gateway')?.entry.port;
    new ApiObject(this, 'resource', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: {
        name: names.edge,
        labels: objectLabels(platform, 'gateway'),
        ...(ingress?.annotations && { annotations: ingress.annotations }),
      },
      spec: {
        hostnames: [host],
        parentRefs: [
          {
            group: 'gateway.networking.k8s.io',
            kind: 'Gateway',
            name: gateway.name,
            ...(gateway.namespace !== undefined && { namespace: gateway.namespace }),
            ...(gateway.sectionName !== undefined && { sectionName: gateway.sectionName }),
          },
        ],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            backendRefs: [{ group: '', kind: 'Service', name: names.workload('gateway'), port, weight: 1 }],
          },
        ],
      },
    });
  }
}
