import type { Match } from '../../../operator/test/harness/fault-plan.ts';
import { isReady } from '../../../operator/test/platform/harness/place.ts';
import { rowOf } from '../room.ts';
import { Trial } from '../trial.ts';

/** Calls that wait make the platform wait longer than other plans may. */
const LATE_MS = 480_000;
const WRITES = ['create', 'apply', 'patch', 'delete'] as const;

/** These calls take so long: all, or of the first of each this share. */
async function slow(trial: Trial, match: Match, ms: number, shareOfFirst?: number): Promise<void> {
  const chosen = shareOfFirst === undefined ? {} : { each: true, times: 1, chance: shareOfFirst };
  const fault = { match, when: 'after', action: { type: 'delay', ms }, ...chosen } as const;
  await trial.subject.start({ faults: [fault] });
  await trial.act('create');
  await trial.until(isReady, LATE_MS);
  await trial.endsAs('create');
}

/** These calls are done and never answered, the first time. */
async function unanswered(trial: Trial): Promise<void> {
  const match = { verb: WRITES, kind: /^(deployments|secrets|statefulsets)$/ };
  await trial.subject.start({ faults: [{ match, when: 'after', each: true, times: 1, action: { type: 'silence' } }] });
  await trial.act('create');
  const before = await trial.until(({ status }) => status?.conditions !== undefined).then(() => trial.identities());
  await trial.endsAs('create');
  await trial.same(before);
}

/** The answer comes, a few bytes at a time. */
async function dripping(trial: Trial): Promise<void> {
  const match = { verb: ['get', 'list', ...WRITES] as const };
  await trial.subject.start({ faults: [{ match, when: 'after', action: { type: 'drip', bytes: 300 } }] });
  await trial.act('create');
  await trial.endsAs('create');
}

export const latency = rowOf('9', 'answers that come late, or never', [
  { name: '1s', what: 'every call takes a second', run: (room) => Trial.run(room, (trial) => slow(trial, {}, 1_000)) },
  { name: '10s', what: 'some of the first calls take ten seconds', run: (room) => Trial.run(room, (trial) => slow(trial, { verb: ['get', 'list', ...WRITES] }, 10_000, 0.15)) }, // prettier-ignore
  { name: '60s', what: 'the first write of each Deployment takes a minute', run: (room) => Trial.run(room, (trial) => slow(trial, { verb: WRITES, kind: 'deployments' }, 60_000, 1)) }, // prettier-ignore
  { name: 'never', what: 'the first write of each is never answered', run: (room) => Trial.run(room, unanswered) }, // prettier-ignore
  { name: 'drip', what: 'every answer comes in pieces', run: (room) => Trial.run(room, dripping) },
]);
