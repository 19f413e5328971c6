import type { FaultPlan } from '../../../operator/test/harness/fault-plan.ts';
import { collectionOf } from '../../../operator/test/harness/fault-plan.ts';
import { isReady } from '../../../operator/test/platform/harness/place.ts';
import { rowOf } from '../room.ts';
import { Trial, pause } from '../trial.ts';

const CALLS = ['get', 'list', 'watch', 'create', 'apply', 'patch', 'update', 'delete'] as const;
/** The operator's own budget of calls a second, and its burst. */
const RATE = { perSecond: 200, burst: 400 };

/** So large a share of the first calls is refused with Retry-After. */
async function throttled(trial: Trial, seconds: number, chance: number): Promise<void> {
  const action = { type: 'status', code: 429, reason: 'TooManyRequests', retryAfterSeconds: seconds } as const;
  const fault = { match: { verb: CALLS }, when: 'before', each: true, times: 1, chance, action } as const;
  await trial.subject.start({ faults: [fault] });
  await trial.act('create');
  await trial.until(isReady, 480_000);
  await trial.endsAs('create');
  const refused = new Map<string, number>();
  // Explanations ask for the events of one object after the other: those are different calls.
  for (const request of trial.newRequests().filter(({ kind }) => kind !== 'events')) {
    const { verb, name, subresource, status, atMs } = request;
    const call = [verb, collectionOf(request), name, subresource].join(' ');
    const since = atMs - (refused.get(call) ?? Number.NEGATIVE_INFINITY);
    trial.expect(since >= seconds * 1_000 - 50, `${call} came again ${Math.round(since)} ms after a 429`);
    if (status === 429) refused.set(call, atMs);
    else refused.delete(call);
  }
}

const outage = (chance: number): FaultPlan => [
  { match: { verb: CALLS }, when: 'before', chance: chance / 2, action: { type: 'status', code: 500 } },
  { match: { verb: CALLS }, when: 'before', chance: chance / 2, action: { type: 'status', code: 503 } },
];

/** A part of all calls fails, for a while or from the beginning to the end. */
async function failing(trial: Trial): Promise<void> {
  const { subject, room } = trial;
  await subject.start({ faults: outage(0.3) });
  const healed = pause(room.quick ? 5_000 : 120_000).then(() => subject.proxy.heal());
  for (const scenario of ['create', 'upgrade', 'delete']) {
    await trial.act(scenario);
    await trial.endsAs(scenario);
  }
  await healed;
  const times = trial.newRequests().filter(({ verb }) => verb !== 'watch').map(({ atMs }) => atMs).sort((a, b) => a - b); // prettier-ignore
  const most = Math.max(...times.map((from, at) => times.slice(at).findIndex((to) => to > from + 1_000)));
  trial.expect(most <= RATE.perSecond + RATE.burst, `${most} calls in one second`);
}

/** Whatever is to be removed cannot be, for a while: the platform must not go before it. */
async function undeletable(trial: Trial): Promise<void> {
  const { subject } = trial;
  await trial.created();
  trial.inject({ match: { verb: 'delete' }, when: 'before', times: 8, action: { type: 'status', code: 500 } });
  await trial.act('delete');
  await trial.endsAs('delete');
  trial.expect(subject.writes().filter(({ verb }) => verb === 'delete').length > 10, 'hardly anything was deleted');
}

export const overload = rowOf('8', 'an API server that has too much to do', [
  { name: 'throttled-1s', what: '429, Retry-After: 1, for each first call', run: (room) => Trial.run(room, (trial) => throttled(trial, 1, 1)) }, // prettier-ignore
  { name: 'throttled-5s', what: '429, Retry-After: 5, for some of the first calls', run: (room) => Trial.run(room, (trial) => throttled(trial, 5, 0.15)) }, // prettier-ignore
  {
    name: 'failing',
    quick: true,
    what: '500 and 503 for a third of all calls',
    run: (room) => Trial.run(room, failing),
  },
  { name: 'undeletable', quick: true, what: '500 for the first deletes', run: (room) => Trial.run(room, undeletable) }, // prettier-ignore
]);
