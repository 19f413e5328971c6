import { namesOf } from '@genai-platform/cdk8s';
import { done } from '../../runtime/index.ts';
import type { PlatformStep } from '../session.ts';
import { observeWorkload } from '../workloads/observe-workload.ts';
import { isVerified, report } from '../workloads/row.ts';

/**
 * Looks at every workload before anything changes, so that the status tells how what runs is doing even while an
 * earlier step waits.
 */
export const survey: PlatformStep = {
  name: 'survey',
  async run(context) {
    const { status, session } = context;
    status.version = session.outline.version;
    status.bootstrapAdmin = { secretRef: { name: namesOf(session.platform.metadata.name).bootstrapAdmin } };
    const workloads = session.outline.waves.flat();
    const observations = await Promise.all(workloads.map((workload) => observeWorkload(workload, context)));
    const waiting = { reason: 'Waiting', message: 'waits for what comes before it' };
    report(
      observations.map(({ row }) => (row.reason === undefined && !isVerified(row) ? { ...row, ...waiting } : row)),
      context,
    );
    return done();
  },
};
