import type { Result } from '../../runtime/index.ts';
import { stall, wait } from '../../runtime/index.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { PlatformContext } from '../session.ts';
import { describeRollback } from './describe-rollback.ts';
import { concludeRecord } from './history.ts';
import { recordRef } from './revision-record.ts';

/** The next reconcile renders the revision that comes back; nothing but the status lies between. */
const AT_ONCE_MS = 1;

/**
 * Ends a rollout that has failed: the last good revision comes back, or (`rollbackPolicy: Manual`) everything stays as
 * it is until somebody decides. Undefined where there is nothing to give up: the wanted revision was good before, none
 * ever was, or an earlier one is coming back already.
 */
export async function giveUp(failure: Diagnosis, context: PlatformContext): Promise<Result | undefined> {
  const { session, status } = context;
  const { name: from } = session.wanted;
  const to = status.lastGoodRevision;
  if (session.rollback || session.rollout.paused || to === undefined || to === from) return undefined;
  if (!context.observe(recordRef(session.platform, to))) return undefined;
  const { reason, message } = failure;
  await concludeRecord({ result: 'Failed', message }, context);
  if (session.rollout.rollbackPolicy === 'Manual') {
    return stall(reason, `${message} (revision ${to} was the last good one; rollbackPolicy is Manual)`);
  }
  const generation = context.object.metadata.generation ?? 0;
  const images = status.rollback?.images;
  status.rollback = { from, to, generation, reason, message, ...(images && { images }) };
  context.event({ type: 'Warning', reason: 'RolledBack', message: describeRollback(status.rollback) });
  return wait('RollingBack', describeRollback(status.rollback), { afterMs: AT_ONCE_MS });
}
