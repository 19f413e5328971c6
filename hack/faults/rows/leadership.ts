import type { Life } from '../../../operator/test/platform/harness/subject.ts';
import { writesThrough } from '../../../operator/test/platform/harness/subject.ts';
import { until } from '../../../operator/test/harness/until.ts';
import type { Case } from '../room.ts';
import { rowOf } from '../room.ts';
import { Trial, pause } from '../trial.ts';
import { auditWriters } from '../writers-audit.ts';

interface Contest {
  readonly trial: Trial;
  readonly leader: Life;
  readonly standby: Life;
}

/** Lease, renew deadline and retry in seconds: the defaults, or short ones for what runs with every change. */
const timing = (quick: boolean): { lease: number; renew: number; retry: number } =>
  quick ? { lease: 4, renew: 3, retry: 1 } : { lease: 15, renew: 10, retry: 2 };
/** For a process to be scheduled and to write, once it leads. */
const SLACK_MS = 3_000;
const HOUR_MS = 3_600_000;

/** Times at which something was written through a proxy, on one clock for all. */
function writeTimes({ proxy }: Life): number[] {
  return writesThrough(proxy).map(({ atMs }) => proxy.startedAt + atMs);
}

/** A preloaded module that sets the process's clock by so much. */
function skew(ms: number): string {
  const source = `const R=Date;globalThis.Date=class extends R{constructor(...a){if(a.length)super(...a);else super(R.now()+${ms})}static now(){return R.now()+${ms}}}`;
  return `--import=data:text/javascript,${encodeURIComponent(source)}`;
}

/** Two operators, one platform, somebody who keeps the leader busy; and what the plan does to the leader. */
async function contend(trial: Trial, then: (contest: Contest) => Promise<void>, skewsMs = [0, 0]): Promise<void> {
  const { subject, room } = trial;
  const { lease, renew, retry } = timing(room.quick);
  const environment = {
    LEADER_ELECTION_LEASE_DURATION_SECONDS: String(lease),
    LEADER_ELECTION_RENEW_DEADLINE_SECONDS: String(renew),
    LEADER_ELECTION_RETRY_PERIOD_SECONDS: String(retry),
  };
  const lives = await Promise.all(
    skewsMs.map((ms, at) => subject.startProcess(`operator-${at}`, { environment, flags: [skew(ms)] })),
  );
  await trial.act('create');
  const stop = stir(trial);
  try {
    await until(() => lives.some((life) => writeTimes(life).length > 20), 'somebody leads', 180_000);
    const leader = lives.find((life) => writeTimes(life).length > 0);
    const standby = lives.find((life) => life !== leader);
    if (!leader || !standby) throw new Error('nobody leads');
    trial.expect(writeTimes(standby).length === 0, 'the standby has written');
    await then({ trial, leader, standby });
  } finally {
    await stop();
  }
  await trial.endsAs('create');
  const holders = lives.map((life, at) => ({ name: `operator-${at}`, life }));
  trial.problems.push(...auditWriters(holders).slice(0, 5));
}

/** Somebody edits what the operator owns, again and again. */
function stir({ subject: { place } }: Trial): () => Promise<void> {
  let stopped = false;
  const running = (async (): Promise<void> => {
    for (let edit = 0; !stopped; edit += 1) {
      const labels = { 'app.kubernetes.io/part-of': `edit-${edit}` };
      await place.patch('networkpolicies', 'acme-default-deny', { metadata: { labels } }).catch(() => undefined);
      await pause(100);
    }
  })();
  return async () => {
    stopped = true;
    await running;
  };
}

/** The standby takes over in time, and from its first write on the other writes nothing. */
async function handedOver({ trial, leader, standby }: Contest, sinceMs: number): Promise<void> {
  const { lease, retry } = timing(trial.room.quick);
  await until(() => writeTimes(standby).length > 5, 'the standby has taken over', 60_000);
  await pause(1_000);
  const begun = Math.min(...writeTimes(standby));
  const late = writeTimes(leader).filter((at) => at >= begun).length;
  trial.expect(late === 0, `${late} writes of the former leader after the first of its successor`);
  const tookMs = begun - sinceMs;
  trial.expect(tookMs <= (lease + retry) * 1_000 + SLACK_MS, `the takeover took ${Math.round(tookMs)} ms`);
}

async function paused(contest: Contest): Promise<void> {
  const { leader, trial } = contest;
  const since = performance.now();
  leader.process.signal('SIGSTOP');
  await handedOver(contest, since);
  leader.process.signal('SIGCONT');
  await pause(trial.room.quick ? 1_000 : 5_000);
  await handedOver(contest, since);
}

async function killed(contest: Contest): Promise<void> {
  const since = performance.now();
  contest.leader.process.signal('SIGKILL');
  await handedOver(contest, since);
}

async function partitioned(contest: Contest): Promise<void> {
  const { leader, trial } = contest;
  const since = performance.now();
  leader.proxy.inject({ match: {}, when: 'before', action: { type: 'silence' } });
  await handedOver(contest, since);
  leader.proxy.heal();
  await pause(trial.room.quick ? 1_000 : 5_000);
  await handedOver(contest, since);
}

/** Answers about the Lease alone are late: the leader ends before anybody else may begin. */
async function slowLease(contest: Contest): Promise<void> {
  const { leader, trial } = contest;
  const since = performance.now();
  const ms = timing(trial.room.quick).lease * 1_000;
  leader.proxy.inject({ match: { kind: 'leases' }, when: 'before', action: { type: 'delay', ms } });
  await handedOver(contest, since);
}

/** Nobody takes over from a leader that is well, whatever the clocks say. */
async function steady({ trial, leader, standby }: Contest): Promise<void> {
  const { lease, retry } = timing(trial.room.quick);
  await pause((lease + retry) * 2_000);
  trial.expect(writeTimes(standby).length === 0, 'the standby has written beside a leader that is well');
  await killed({ trial, leader, standby });
}

function contest(
  name: string,
  what: string,
  then: (contest: Contest) => Promise<void>,
  more: { quick?: boolean; skewsMs?: number[] } = {},
): Case {
  // prettier-ignore
  const { quick = false, skewsMs } = more;
  return { name, what, quick, run: (room) => Trial.run(room, (trial) => contend(trial, then, skewsMs)) };
}

export const leadership = rowOf('10', 'two operators, and a leader that cannot lead', [
  contest('killed', 'the leader dies', killed),
  contest('paused', 'the leader stands still and goes on later', paused, { quick: true }),
  contest('partitioned', 'the leader is cut off and comes back', partitioned),
  contest('slow-lease', 'only the Lease cannot be reached', slowLease),
  contest('skewed', "the leaders' clocks are an hour apart", steady, { skewsMs: [-HOUR_MS / 2, HOUR_MS / 2] }),
]);
