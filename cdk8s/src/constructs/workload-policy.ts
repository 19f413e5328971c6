import { Construct } from 'constructs';
import { k8s } from 'cdk8s-plus-28';
import type { Context } from '../context.ts';
import { objectLabels, selectorLabels } from '../labels.ts';
import type { Flow, Party } from '../network/flow.ts';
import { flowsOf } from '../network/flows.ts';

/** The label that the API server puts on every namespace. */
const namespaceNameLabel = 'kubernetes.io/metadata.name';

export interface WorkloadPolicyProps {
  readonly context: Context;
  readonly workload: string;
}

/** What the pods of one workload may be asked by and may ask: the flows that begin or end there, nothing else. */
export class WorkloadPolicy extends Construct {
  constructor(scope: Construct, id: string, { context, workload }: WorkloadPolicyProps) {
    super(scope, id);
    const { platform, names } = context.settings;
    const isHere = (party: Party): boolean => party.kind === 'workload' && party.workload === workload;
    const flows = flowsOf(context);
    new k8s.KubeNetworkPolicy(this, 'resource', {
      metadata: { name: names.workload(workload), labels: objectLabels(platform, workload) },
      spec: {
        podSelector: { matchLabels: selectorLabels(platform, workload) },
        policyTypes: ['Ingress', 'Egress'],
        ingress: byPort(
          platform,
          flows.filter(({ to }) => isHere(to)),
          ({ from }) => from,
        ).map(({ peers, ports }) => ({
          ports,
          ...(peers && { from: peers }),
        })),
        egress: byPort(
          platform,
          flows.filter(({ from }) => isHere(from)),
          ({ to }) => to,
        ).map(({ peers, ports }) => ({
          ports,
          ...(peers && { to: peers }),
        })),
      },
    });
  }
}

interface PortRule {
  readonly ports: k8s.NetworkPolicyPort[];
  /** Absent means anyone: a rule without peers. `0.0.0.0/0` would miss pods where the CNI treats them apart. */
  readonly peers?: k8s.NetworkPolicyPeer[];
}

function byPort(platform: string, flows: readonly Flow[], other: (flow: Flow) => Party): PortRule[] {
  const ports = [...new Set(flows.map(({ port }) => port))].sort((a, b) => a - b);
  return ports.map((port) => {
    const parties = flows.filter((flow) => flow.port === port).map(other);
    const rule = { ports: [{ port: k8s.IntOrString.fromNumber(port), protocol: 'TCP' }] };
    if (parties.some(({ kind }) => kind === 'anyone')) return rule;
    return { ...rule, peers: parties.flatMap((party) => peersOf(platform, party)) };
  });
}

/** Without the private networks (RFC 1918, RFC 6598, RFC 4193) and the addresses of machines' metadata (RFC 3927). */
const internet = [
  { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'] },
  { cidr: '::/0', except: ['fc00::/7', 'fe80::/10'] },
];

function peersOf(platform: string, party: Party): k8s.NetworkPolicyPeer[] {
  switch (party.kind) {
    case 'workload':
      return [{ podSelector: { matchLabels: selectorLabels(platform, party.workload) } }];
    case 'pods':
      return [{ namespaceSelector: namespaceSelector([party.namespace]), podSelector: { matchLabels: party.labels } }];
    case 'namespaces':
      return [{ namespaceSelector: namespaceSelector(party.names) }];
    case 'networks':
      return party.cidrs.map((cidr) => ({ ipBlock: { cidr } }));
    case 'internet':
      return internet.map((ipBlock) => ({ ipBlock }));
    case 'anyone':
      return [];
  }
}

function namespaceSelector(names: readonly string[]): k8s.LabelSelector {
  return { matchExpressions: [{ key: namespaceNameLabel, operator: 'In', values: [...names] }] };
}
