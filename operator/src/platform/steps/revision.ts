import { done, stall } from '../../runtime/index.ts';
import { Jobs } from '../kinds.ts';
import { recordsOf, tellHistory, writeRecord } from '../revisions/history.ts';
import type { RevisionRecord } from '../revisions/revision-record.ts';
import { jobState } from '../rollout.ts';
import type { PlatformContext, PlatformStep } from '../session.ts';

/** Writes down what the specification asks for before anything of it is begun, so that it can be told what came of it. */
export const revision: PlatformStep = {
  name: 'revision',
  async run(context) {
    const { session, status } = context;
    const { rollback, wanted } = session;
    const before = rollback ? undefined : status.rollback;
    status.currentRevision = wanted.name;
    status.rollback = rollback;
    if (session.lost) {
      const message = `revision ${rollback?.to ?? ''} should be in effect and its ControllerRevision is gone: change the specification to one that works`;
      return stall('RevisionLost', message);
    }
    if (before) await forgetFailedJobs(context);
    const record = nextRecord(context, before?.from === wanted.name);
    if (record) await writeRecord(record, context);
    tellHistory(context);
    return done();
  },
};

/** The record of the wanted revision where it is to be written: it is new, wanted again, or tried again. */
function nextRecord(context: PlatformContext, retried: boolean): RevisionRecord | undefined {
  const { name, content } = context.session.wanted;
  const records = recordsOf(context);
  const known = records.find((record) => record.name === name);
  const highest = records[0]?.number ?? 0;
  if (!known) return { name, content, number: highest + 1, result: 'RollingOut' };
  if (known.number === highest && !retried) return undefined;
  const number = known.number === highest ? highest : highest + 1;
  return { name, content: known.content, number, result: known.result === 'Good' ? 'Good' : 'RollingOut' };
}

/** The Jobs of the attempt that failed were kept for their logs; the next attempt runs them again. */
async function forgetFailedJobs(context: PlatformContext): Promise<void> {
  for (const job of context.observeOwned(Jobs).filter((candidate) => jobState(candidate) === 'failed')) {
    await context.delete(job);
  }
}
