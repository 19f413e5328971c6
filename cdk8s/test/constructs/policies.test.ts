import { DefaultDeny } from '../../src/constructs/default-deny.ts';
import { WorkloadPolicy } from '../../src/constructs/workload-policy.ts';
import { contextOf, platformLabels, synthesize, workloadLabels } from '../builders/synthesize.ts';

const policy = (name: string, labels: object, spec: object) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { labels, name, namespace: 'acme' },
  spec,
});
const podsOf = (workload: string) => ({
  podSelector: {
    matchLabels: { 'genaiplatform.io/platform': 'acme', 'genaiplatform.io/workload': workload },
  },
});

test('the default denies everything but resolving names', () => {
  const { settings } = contextOf();
  const podSelector = { matchLabels: { 'genaiplatform.io/platform': 'acme' } };
  expect(synthesize((chart) => new DefaultDeny(chart, 'deny', settings))).toStrictEqual([
    policy('acme-default-deny', platformLabels, { podSelector, policyTypes: ['Ingress', 'Egress'] }),
    policy('acme-name-resolution', platformLabels, {
      podSelector,
      policyTypes: ['Egress'],
      egress: [
        {
          ports: [
            { port: 53, protocol: 'UDP' },
            { port: 53, protocol: 'TCP' },
          ],
          to: [
            { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } },
            { ipBlock: { cidr: '169.254.20.10/32' } },
          ],
        },
      ],
    }),
  ]);
});

test('a workload is asked by its callers and the operator, and asks what it needs', () => {
  const build = { context: contextOf(), workload: 'search' };
  const fromOperator = {
    namespaceSelector: {
      matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['genai-system'] }],
    },
    podSelector: { matchLabels: { 'app.kubernetes.io/name': 'genai-operator' } },
  };
  expect(synthesize((chart) => new WorkloadPolicy(chart, 'policy', build))).toStrictEqual([
    policy('acme-search', workloadLabels('search'), {
      ...podsOf('search'),
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ port: 8004, protocol: 'TCP' }], from: [podsOf('gateway'), podsOf('auth'), fromOperator] }],
      egress: [{ ports: [{ port: 5432, protocol: 'TCP' }], to: [podsOf('postgres')] }],
    }),
  ]);
});
