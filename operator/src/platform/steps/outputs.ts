import { done } from '../../runtime/index.ts';
import { tellReady } from '../narrate.ts';
import type { PlatformStep } from '../session.ts';

/** Says where the platform answers and with which credential, and that the wanted revision is the last good one. */
export const outputs: PlatformStep = {
  name: 'outputs',
  run(context) {
    const { session, status } = context;
    const { spec } = session.platform;
    const gateway = session.outline.waves.flat().find(({ entry }) => entry.name === 'gateway');
    const external =
      spec.ingress && `${(spec.ingress.tls ?? spec.ingress.gatewayRef) ? 'https' : 'http'}://${spec.ingress.host}`;
    status.endpoints = { ...(gateway && { internal: gateway.url }), ...(external && { external }) };
    status.lastGoodRevision = session.outline.revision;
    tellReady(context);
    return done();
  },
};
