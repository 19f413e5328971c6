import type { KubernetesObject } from '@genai-platform/cdk8s';
import { render } from '@genai-platform/cdk8s';
import type { Ingress } from '@genai-platform/crds';
import { aPlatform, observedFor } from '../builders/platform.ts';
import { workloadLabels } from '../builders/synthesize.ts';

const host = 'ai.example.com';

/** The edge of a platform without an owner. */
function edge(ingress?: Omit<Ingress, 'host'>): readonly KubernetesObject[] {
  const { metadata, spec } = aPlatform(ingress && { ingress: { host, ...ingress } });
  const { uid: _, ...unowned } = metadata;
  const platform = { metadata: unowned as typeof metadata, spec };
  return render(platform, observedFor(platform)).edge;
}

const metadata = { labels: workloadLabels('gateway'), name: 'acme-edge', namespace: 'acme' };
const backend = { service: { name: 'acme-gateway', port: { name: 'http' } } };
const rules = [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }];
const ingressObject = (spec: object) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec });

test('without an ingress there is no edge', () => {
  expect(edge()).toStrictEqual([]);
});

test('a host alone becomes an Ingress', () => {
  expect(edge({})).toStrictEqual([ingressObject({ rules })]);
});

test('an Ingress has the class and the certificate that are given', () => {
  expect(edge({ className: 'nginx', tls: { secretName: 'wildcard' } })).toStrictEqual([
    ingressObject({ ingressClassName: 'nginx', rules, tls: [{ hosts: [host], secretName: 'wildcard' }] }),
  ]);
});

test('an issuer becomes a Certificate, whose Secret the Ingress serves', () => {
  expect(edge({ tls: { issuerRef: { name: 'letsencrypt', kind: 'ClusterIssuer' } } })).toStrictEqual([
    {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata,
      spec: {
        dnsNames: [host],
        issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'letsencrypt' },
        privateKey: { algorithm: 'ECDSA', rotationPolicy: 'Always', size: 256 },
        secretName: 'acme-edge-tls',
        usages: ['digital signature', 'key encipherment', 'server auth'],
      },
    },
    ingressObject({ rules, tls: [{ hosts: [host], secretName: 'acme-edge-tls' }] }),
  ]);
});

test('a Gateway gets an HTTPRoute in place of an Ingress', () => {
  const parent = { name: 'public', namespace: 'gateways', sectionName: 'https' };
  expect(edge({ gatewayRef: parent, annotations: { 'example.com/a': 'b' } })).toStrictEqual([
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { annotations: { 'example.com/a': 'b' }, ...metadata },
      spec: {
        hostnames: [host],
        parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', ...parent }],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            backendRefs: [{ group: '', kind: 'Service', name: 'acme-gateway', port: 8000, weight: 1 }],
          },
        ],
      },
    },
  ]);
});
