import { Construct } from 'constructs';
import { k8s } from 'cdk8s-plus-28';
import { objectLabels, platformLabel } from '../labels.ts';
import type { Settings } from '../settings/settings.ts';

/** Where NodeLocal DNSCache listens on every node, as its documentation recommends. */
const nodeLocalDns = '169.254.20.10/32';

/**
 * Denies the platform's pods every connection, in and out, but one: resolving names. All other policies only add.
 * Pods of other platforms and of strangers in the namespace are not selected.
 */
export class DefaultDeny extends Construct {
  constructor(scope: Construct, id: string, { platform, names }: Settings) {
    super(scope, id);
    const labels = objectLabels(platform);
    const podSelector = { matchLabels: { [platformLabel]: platform } };
    new k8s.KubeNetworkPolicy(this, 'deny', {
      metadata: { name: names.defaultDeny, labels },
      spec: { podSelector, policyTypes: ['Ingress', 'Egress'] },
    });
    new k8s.KubeNetworkPolicy(this, 'dns', {
      metadata: { name: names.nameResolution, labels },
      spec: {
        podSelector,
        policyTypes: ['Egress'],
        egress: [
          {
            ports: ['UDP', 'TCP'].map((protocol) => ({ port: k8s.IntOrString.fromNumber(53), protocol })),
            to: [
              { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } },
              { ipBlock: { cidr: nodeLocalDns } },
            ],
          },
        ],
      },
    });
  }
}
