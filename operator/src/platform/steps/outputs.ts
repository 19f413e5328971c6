import { done, stall } from '../../runtime/index.ts';
import { tellReady, tellRolledBack } from '../narrate.ts';
import { describeRollback } from '../revisions/describe-rollback.ts';
import { concludeRecord, pruneHistory } from '../revisions/history.ts';
import type { PlatformStep } from '../session.ts';

/**
 * Says where the platform answers, and that the wanted revision is the last good one; or, where that has come back,
 * that only another specification can change anything.
 */
export const outputs: PlatformStep = {
  name: 'outputs',
  async run(context) {
    const { session, status } = context;
    const { spec } = session.platform;
    const gateway = session.outline.waves.flat().find(({ entry }) => entry.name === 'gateway');
    const external =
      spec.ingress && `${(spec.ingress.tls ?? spec.ingress.gatewayRef) ? 'https' : 'http'}://${spec.ingress.host}`;
    status.endpoints = { ...(gateway && { internal: gateway.url }), ...(external && { external }) };
    if (session.rollback) {
      const words = describeRollback(session.rollback);
      await pruneHistory(context);
      tellRolledBack(context, words);
      return stall('RolledBack', words);
    }
    await concludeRecord({ result: 'Good' }, context);
    status.lastGoodRevision = session.wanted.name;
    await pruneHistory(context);
    tellReady(context);
    return done();
  },
};
