import type { Ingress } from '@genai-platform/crds';
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { objectLabels } from '../labels.ts';
import type { Settings } from '../settings/settings.ts';

type Issuer = NonNullable<NonNullable<Ingress['tls']>['issuerRef']>;

export interface EdgeCertificateProps {
  readonly settings: Settings;
  readonly host: string;
  readonly issuer: Issuer;
}

/**
 * The certificate that the Ingress serves, from cert-manager. An object, and not the annotation of the Ingress that
 * asks for one: where cert-manager is missing, the object is refused and the annotation is ignored in silence.
 * https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.Certificate
 */
export class EdgeCertificate extends Construct {
  constructor(scope: Construct, id: string, { settings, host, issuer }: EdgeCertificateProps) {
    super(scope, id);
    const { platform, names } = settings;
    new ApiObject(this, 'resource', {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: names.edge, labels: objectLabels(platform, 'gateway') },
      spec: {
        secretName: names.edgeTls,
        dnsNames: [host],
        usages: ['digital signature', 'key encipherment', 'server auth'],
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
        issuerRef: { name: issuer.name, kind: issuer.kind ?? 'Issuer', group: issuer.group ?? 'cert-manager.io' },
      },
    });
  }
}
