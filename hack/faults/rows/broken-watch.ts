import type { FaultAction } from '../../../operator/test/harness/fault-plan.ts';
import { collectionOf } from '../../../operator/test/harness/fault-plan.ts';
import type { Case } from '../room.ts';
import { rowOf } from '../room.ts';
import { Trial, pause } from '../trial.ts';

/** Every open watch breaks, and work goes on over new ones. */
function broken(name: string, what: string, action: FaultAction, more: Pick<Case, 'quick'> = {}): Case {
  const plan = async (trial: Trial): Promise<void> => {
    const { proxy } = trial.subject;
    const count = await proxy.breakOpen({}, action);
    trial.expect(count > 10, `only ${count} watches were open`);
    await trial.act('upgrade');
    await trial.endsAs('upgrade');
    onePerCollection(trial);
  };
  return { name, what, ...more, run: (room) => Trial.run(room, async (trial) => trial.created().then(() => plan(trial))) }; // prettier-ignore
}

function onePerCollection(trial: Trial): void {
  const many = Object.entries(trial.subject.proxy.openWatches()).filter(([, count]) => count > 1);
  trial.expect(many.length === 0, `more than one watch of ${many.map(([collection]) => collection).join(', ')}`);
}

/** Every event comes in pieces of a few bytes. */
async function dripping(trial: Trial): Promise<void> {
  await trial.created();
  trial.inject({ match: { verb: 'watch' }, when: 'after', action: { type: 'drip', bytes: 400 } });
  await trial.subject.proxy.breakOpen({}, { type: 'close' });
  await trial.act('upgrade');
  await trial.endsAs('upgrade');
}

/** Watches are refused for a while: they are tried again ever more rarely, and not all at once. */
async function refused(trial: Trial): Promise<void> {
  const { subject, room } = trial;
  await trial.created();
  trial.inject({ match: { verb: 'watch' }, when: 'before', action: { type: 'status', code: 500 } });
  trial.newRequests();
  await subject.proxy.breakOpen({}, { type: 'close' });
  const seconds = room.quick ? 4 : 20;
  await pause(seconds * 1_000);
  const tries = new Map<string, number[]>();
  for (const request of trial.newRequests().filter(({ verb }) => verb === 'watch')) {
    const collection = collectionOf(request);
    tries.set(collection, [...(tries.get(collection) ?? []), request.atMs]);
  }
  // 0.1 s, doubled to 10 s, each with jitter from nothing up.
  const most = Math.max(...[...tries.values()].map(({ length }) => length));
  trial.expect(most <= 12 + seconds / 2, `a watch was tried ${most} times in ${seconds} s`);
  const last = [...tries.values()].map((times) => Math.round(times.at(-1) ?? 0));
  trial.expect(new Set(last).size > last.length / 2, 'all watches are tried at the same moments');
  subject.proxy.heal();
  await trial.act('upgrade');
  await trial.endsAs('upgrade');
  onePerCollection(trial);
}

export const brokenWatch = rowOf('5', 'watches that break', [
  broken('ended', 'the server ends every watch', { type: 'close' }),
  broken('reset', 'every watch is reset', { type: 'reset' }, { quick: true }),
  broken('garbage', 'half a line comes in every watch', { type: 'garbage' }),
  broken('half-open', 'every watch falls silent for good', { type: 'silence' }),
  { name: 'drip', what: 'events come in pieces', run: (room) => Trial.run(room, dripping) },
  { name: 'refused', what: 'no watch is let in for a while', run: (room) => Trial.run(room, refused) },
]);
