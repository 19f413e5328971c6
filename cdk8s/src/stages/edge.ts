import { Construct } from 'constructs';
import { EdgeCertificate } from '../constructs/edge-certificate.ts';
import { EdgeIngress } from '../constructs/edge-ingress.ts';
import { EdgeRoute } from '../constructs/edge-route.ts';
import type { Settings } from '../settings/settings.ts';

/** How the gateway is reached from outside; nothing without `spec.ingress`. */
export class EdgeStage extends Construct {
  constructor(scope: Construct, settings: Settings) {
    super(scope, 'edge');
    const { ingress } = settings;
    if (ingress === undefined) return;
    if (ingress.gatewayRef) {
      new EdgeRoute(this, 'route', { settings, host: ingress.host, gateway: ingress.gatewayRef });
      return;
    }
    if (ingress.tls?.issuerRef) {
      new EdgeCertificate(this, 'certificate', { settings, host: ingress.host, issuer: ingress.tls.issuerRef });
    }
    new EdgeIngress(this, 'ingress', { settings, ingress });
  }
}
