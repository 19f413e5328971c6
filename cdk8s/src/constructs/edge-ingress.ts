import type { Ingress } from '@genai-platform/crds';
import { Construct } from 'constructs';
import { k8s } from 'cdk8s-plus-28';
import { objectLabels } from '../labels.ts';
import type { Settings } from '../settings/settings.ts';

export interface EdgeIngressProps {
  readonly settings: Settings;
  readonly ingress: Ingress;
}

/** Everything under the host goes to the gateway. */
export class EdgeIngress extends Construct {
  constructor(scope: Construct, id: string, { settings, ingress }: EdgeIngressProps) {
    super(scope, id);
    const { platform, names } = settings;
    const secretName = ingress.tls?.issuerRef ? names.edgeTls : ingress.tls?.secretName;
    new k8s.KubeIngress(this, 'resource', {
      metadata: {
        name: names.edge,
        labels: objectLabels(platform, 'gateway'),
        ...(ingress.annotations && { annotations: ingress.annotations }),
      },
      spec: {
        ...(ingress.className !== undefined && { ingressClassName: ingress.className }),
        ...(secretName !== undefined && { tls: [{ hosts: [ingress.host], secretName }] }),
        rules: [
          {
            host: ingress.host,
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: names.workload('gateway'), port: { name: 'http' } } },
                },
              ],
            },
          },
        ],
      },
    });
  }
}
