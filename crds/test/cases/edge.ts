import type { Cases } from './case.ts';
import { dev } from './case.ts';

const ingress = (more: Readonly<Record<string, unknown>>) => dev({ ingress: { host: 'ai.example.com', ...more } });
const otlp = (otlpEndpoint: string) => dev({ observability: { otlpEndpoint } });

export const edgeCases: Cases = {
  accepted: [
    ['a host', ingress({})],
    [
      'a class',
      ingress({ className: 'nginx', annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '100m' } }),
    ],
    ['a certificate from an issuer', ingress({ tls: { issuerRef: { name: 'letsencrypt', kind: 'ClusterIssuer' } } })],
    ['a certificate from a Secret', ingress({ tls: { secretName: 'wildcard' } })],
    ['a Gateway', ingress({ gatewayRef: { name: 'public', namespace: 'gateways', sectionName: 'https' } })],
    ['proxies', ingress({ trustedProxyHops: 2 })],
    ['traces by name', otlp('http://otel-collector.monitoring:4318')],
    ['traces with a path', otlp('https://otlp.example.com/v1')],
    ['networks', dev({ networkPolicy: { gatewayFrom: ['ingress-nginx'], metricsFrom: ['monitoring'] } })],
  ],
  rejected: [
    ['no host', dev({ ingress: {} }), 'spec.ingress.host: Required value'],
    ['a host as a URL', ingress({ host: 'https://ai.example.com' }), 'must be a host name'],
    ['a wildcard host', ingress({ host: '*.example.com' }), 'must be a host name'],
    [
      'a class and a Gateway',
      ingress({ className: 'nginx', gatewayRef: { name: 'public' } }),
      'className is of an Ingress and gatewayRef makes an HTTPRoute',
    ],
    [
      'TLS and a Gateway',
      ingress({ tls: { secretName: 'a' }, gatewayRef: { name: 'public' } }),
      'with gatewayRef the certificate belongs to the listener of the Gateway',
    ],
    ['TLS from nowhere', ingress({ tls: {} }), 'give exactly one of issuerRef, secretName'],
    [
      'TLS from two places',
      ingress({ tls: { secretName: 'a', issuerRef: { name: 'b' } } }),
      'give exactly one of issuerRef, secretName',
    ],
    [
      'an issuer of an unknown kind',
      ingress({ tls: { issuerRef: { name: 'a', kind: 'Vault' } } }),
      'supported values: "Issuer", "ClusterIssuer"',
    ],
    [
      'an annotation of the operator',
      ingress({ annotations: { 'genaiplatform.io/a': 'b' } }),
      'annotations under genaiplatform.io/ are set by the operator',
    ],
    ['a Gateway without a name', ingress({ gatewayRef: {} }), 'gatewayRef.name: Required value'],
    ['too many proxies', ingress({ trustedProxyHops: 9 }), 'should be less than or equal to 8'],
    [
      'traces to a host and port',
      otlp('otel-collector:4318'),
      'must be an http or https URL, for example http://otel-collector.monitoring:4318',
    ],
    ['traces by gRPC', otlp('grpc://otel-collector:4317'), 'must be an http or https URL'],
    ['traces with a query', otlp('http://otel-collector:4318?token=x'), 'must have no query'],
    ['a namespace with a dot', dev({ networkPolicy: { metricsFrom: ['a.b'] } }), 'must be the name of a namespace'],
    ['a namespace twice', dev({ networkPolicy: { gatewayFrom: ['a', 'a'] } }), 'Duplicate value'],
    ['no namespaces', dev({ networkPolicy: { metricsFrom: [] } }), 'should have at least 1 items'],
  ],
};
