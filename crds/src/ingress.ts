import { z } from 'zod';
import { annotations } from './schema/label.ts';
import { withMeta, withRules } from './schema/rule.ts';
import { hostName, namespaceName, objectName } from './schema/text.ts';

const issuerRef = withMeta(
  z.object({
    name: objectName().describe('Name of the issuer.'),
    kind: z.enum(['Issuer', 'ClusterIssuer']).describe('Kind of the issuer. Default `Issuer`.').optional(),
    group: hostName().describe('API group of the issuer. Default `cert-manager.io`.').optional(),
  }),
  { 'x-kubernetes-map-type': 'atomic' },
);

const tls = withRules(
  z.object({
    issuerRef: issuerRef.describe('Issuer of cert-manager that signs a certificate for the host.').optional(),
    secretName: objectName()
      .describe('Existing Secret of type `kubernetes.io/tls` with a certificate for the host.')
      .optional(),
  }),
  {
    rule: 'has(self.issuerRef) != has(self.secretName)',
    message: 'give exactly one of issuerRef, secretName',
  },
);

const gatewayRef = withMeta(
  z.object({
    name: objectName().describe('Name of the Gateway.'),
    namespace: namespaceName().describe('Namespace of the Gateway. Default: that of the platform.').optional(),
    sectionName: hostName().describe('Listener of the Gateway. Default: all that fit.').optional(),
  }),
  { 'x-kubernetes-map-type': 'atomic' },
);

export const ingress = withRules(
  z.object({
    host: hostName().describe('Host name under which the platform answers.'),
    className: objectName().describe('IngressClass. Default: that of the cluster.').optional(),
    annotations: annotations().describe('Annotations of the Ingress or HTTPRoute.').optional(),
    trustedProxyHops: z
      .int()
      .min(0)
      .max(8)
      .describe(
        'Proxies before the gateway that append to `X-Forwarded-For`; the address before them is the client. Default 1.',
      )
      .optional(),
    tls: tls.describe('Certificate that the Ingress serves.').optional(),
    gatewayRef: gatewayRef
      .describe('A Gateway (gateway.networking.k8s.io) to attach an HTTPRoute to, in place of an Ingress.')
      .optional(),
  }),
  {
    rule: '!(has(self.gatewayRef) && has(self.className))',
    message: 'className is of an Ingress and gatewayRef makes an HTTPRoute: give one of them',
    fieldPath: '.className',
    reason: 'FieldValueForbidden',
  },
  {
    rule: '!(has(self.gatewayRef) && has(self.tls))',
    message: 'with gatewayRef the certificate belongs to the listener of the Gateway: remove tls',
    fieldPath: '.tls',
    reason: 'FieldValueForbidden',
  },
);

export type Ingress = z.infer<typeof ingress>;
