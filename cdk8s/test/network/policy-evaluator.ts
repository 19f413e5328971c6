import { BlockList, isIPv6 } from 'node:net';
import type { KubernetesObject } from '@genai-platform/cdk8s';

/** A pod, or something outside the cluster with an address. */
export type Endpoint =
  | {
      readonly kind: 'pod';
      readonly name: string;
      readonly namespace: string;
      readonly labels: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'outside'; readonly name: string; readonly address: string };

export interface Connection {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: string[];
  }[];
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: IpBlock;
}

interface IpBlock {
  readonly cidr: string;
  readonly except?: readonly string[];
}

interface Rule {
  readonly ports?: readonly { readonly port: number; readonly protocol: string }[];
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
}

interface PolicySpec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/**
 * Whether the policies let a connection through: the end that starts it must be let out, the other one must let it in.
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function isAllowed(policies: readonly KubernetesObject[], connection: Connection): boolean {
  return passes(policies, connection, 'Egress') && passes(policies, connection, 'Ingress');
}

function passes(policies: readonly KubernetesObject[], connection: Connection, type: 'Ingress' | 'Egress'): boolean {
  const [here, other] = type === 'Egress' ? [connection.from, connection.to] : [connection.to, connection.from];
  if (here.kind === 'outside') return true;
  const applying = policies
    .filter(({ metadata }) => metadata.namespace === here.namespace)
    .map(({ metadata, spec }) => ({ namespace: metadata.namespace, spec: spec as PolicySpec }))
    .filter(({ spec }) => spec.policyTypes.includes(type) && selects(spec.podSelector, here.labels));
  if (applying.length === 0) return true;
  return applying.some(({ namespace, spec }) => {
    const rules = (type === 'Egress' ? spec.egress : spec.ingress) ?? [];
    return rules.some((rule) => {
      const peers = type === 'Egress' ? rule.to : rule.from;
      return matchesPort(rule, connection) && (!peers || peers.some((peer) => matchesPeer(peer, other, namespace)));
    });
  });
}

function matchesPort({ ports }: Rule, { port, protocol = 'TCP' }: Connection): boolean {
  return !ports || ports.some((allowed) => allowed.port === port && allowed.protocol === protocol);
}

function matchesPeer(peer: Peer, other: Endpoint, policyNamespace: string): boolean {
  if (other.kind === 'outside') return peer.ipBlock !== undefined && isInBlock(peer.ipBlock, other.address);
  if (peer.ipBlock) return false;
  const namespaceFits = peer.namespaceSelector
    ? selects(peer.namespaceSelector, { 'kubernetes.io/metadata.name': other.namespace })
    : other.namespace === policyNamespace;
  return namespaceFits && selects(peer.podSelector ?? {}, other.labels);
}

function selects(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      if (operator !== 'In') throw new Error(`the evaluator does not know the operator ${operator}`);
      return values.includes(labels[key] ?? '');
    })
  );
}

function isInBlock({ cidr, except = [] }: IpBlock, address: string): boolean {
  return contains(cidr, address) && !except.some((hole) => contains(hole, address));
}

function contains(cidr: string, address: string): boolean {
  const [network = '', bits = ''] = cidr.split('/');
  // Node.js finds an IPv4 address in ::/0 too, as a mapped one; a CNI does not.
  if (isIPv6(network) !== isIPv6(address)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), isIPv6(network) ? 'ipv6' : 'ipv4');
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
