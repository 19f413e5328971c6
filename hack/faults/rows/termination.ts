import type { Match } from '../../../operator/test/harness/fault-plan.ts';
import { SYSTEM } from '../../../operator/test/platform/harness/install-chart.ts';
import { writesThrough } from '../../../operator/test/platform/harness/subject.ts';
import type { Case } from '../room.ts';
import { rowOf } from '../room.ts';
import { Trial } from '../trial.ts';

const GRACE_SECONDS = 10;

/** Asked to stop in the middle of its work, the process ends in time, gives its Lease back, and loses nothing. */
async function stopAt(trial: Trial, match: Match, scenario: 'create' | 'delete'): Promise<void> {
  const { subject, room } = trial;
  if (scenario === 'delete') {
    await trial.created();
    await subject.stop();
  }
  const reached = Promise.withResolvers<void>();
  const notice = { match, when: 'before', times: 1, action: { type: 'notice', tell: reached.resolve } } as const;
  const environment = { SHUTDOWN_GRACE_SECONDS: String(GRACE_SECONDS) };
  const { process, proxy } = await subject.startProcess('operator', { faults: [notice], environment });
  await trial.act(scenario);
  await reached.promise;
  const since = performance.now();
  process.signal('SIGTERM');
  const code = await process.exited;
  const tookMs = Math.round(performance.now() - since);
  const writes = writesThrough(proxy).length;
  trial.expect(code === 0, `it ended with ${code}: ${process.log}`);
  trial.expect(tookMs < (GRACE_SECONDS + 5) * 1_000, `it took ${tookMs} ms to end`);
  const path = `/apis/coordination.k8s.io/v1/namespaces/${SYSTEM}/leases/${subject.lease}`;
  const { spec } = await room.world.plane.request<{ spec: { holderIdentity?: string } }>('GET', path);
  trial.expect((spec.holderIdentity ?? '') === '', `the Lease is still held by ${spec.holderIdentity}`);
  await subject.start();
  await trial.endsAs(scenario);
  trial.expect(writesThrough(proxy).length === writes, 'it wrote after its end');
}

function stop(name: string, match: Match, more: { scenario?: 'create' | 'delete'; quick?: boolean } = {}): Case {
  const { scenario = 'create', quick = false } = more;
  const what = `SIGTERM at ${String(match.verb)} ${String(match.kind)}`;
  return { name, what, quick, run: (room) => Trial.run(room, (trial) => stopAt(trial, match, scenario)) };
}

export const termination = rowOf('12', 'SIGTERM in each stage', [
  stop('finalizer', { verb: 'patch', kind: 'genaiplatforms' }),
  stop('secrets', { verb: 'create', kind: 'secrets' }),
  stop('database', { verb: 'apply', kind: 'statefulsets' }),
  stop('migrations', { verb: 'apply', kind: 'jobs' }),
  stop('services', { verb: 'apply', kind: 'deployments' }, { quick: true }),
  stop('edge', { verb: 'apply', kind: 'ingresses' }),
  stop('leaving', { verb: 'delete', kind: 'deployments' }, { scenario: 'delete' }),
  stop('emptying', { verb: 'delete', kind: 'secrets' }, { scenario: 'delete' }),
]);
