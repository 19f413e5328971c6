import type { FaultPlan } from '../../../operator/test/harness/fault-plan.ts';
import { rowOf } from '../room.ts';
import { Trial, pause } from '../trial.ts';

/** Lists as they were at a version; watches that show nothing until the gate opens. */
function past(version: string, gate: Promise<void>): FaultPlan {
  const set = { resourceVersion: version, resourceVersionMatch: 'Exact' };
  return [
    { match: { verb: 'list' }, when: 'before', action: { type: 'query', set } },
    { match: { verb: 'watch' }, when: 'after', action: { type: 'freeze', gate } },
  ];
}

async function presentVersion({ room }: Trial): Promise<string> {
  const path = '/apis/genaiplatform.io/v1alpha1/genaiplatforms?limit=1';
  const { metadata } = await room.world.plane.request<{ metadata: { resourceVersion: string } }>('GET', path);
  return metadata.resourceVersion;
}

/** A new operator is shown a platform on its way out, whose place another of the same name has taken since. */
async function restart(trial: Trial): Promise<void> {
  const { subject, room } = trial;
  await trial.created();
  subject.crash();
  await trial.act('delete');
  const version = await presentVersion(trial);
  await subject.start();
  await trial.endsAs('delete');
  await trial.act('create');
  await trial.endsAs('create');
  trial.expect(trial.problems.length === 0, 'so far nothing of the past has been shown');
  const before = await trial.identities();
  subject.crash();

  const gate = Promise.withResolvers<void>();
  await subject.start({ faults: past(version, gate.promise) });
  await subject.manager.whenSynced();
  await pause(room.quick ? 3_000 : 10_000);
  await trial.same(before);
  subject.proxy.heal();
  gate.resolve();
  await trial.endsAs('create');
  await trial.same(before);
}

/** The same operator lists again, and is shown a past in which its platform was another. */
async function relist(trial: Trial): Promise<void> {
  const { subject, room } = trial;
  await trial.created();
  const version = await presentVersion(trial);
  await trial.play('upgrade');
  const before = await trial.identities();
  const gate = Promise.withResolvers<void>();
  trial.inject(
    { match: { verb: 'watch' }, when: 'before', times: 1, each: true, action: { type: 'status', code: 410, reason: 'Expired' } }, // prettier-ignore
    ...past(version, gate.promise),
  );
  await subject.proxy.breakOpen({}, { type: 'close' });
  await pause(room.quick ? 3_000 : 10_000);
  subject.proxy.heal();
  gate.resolve();
  await trial.endsAs('upgrade');
  await trial.same(before);
}

export const timeTravel = rowOf('3', 'an API server that shows the past', [
  {
    name: 'restart',
    quick: true,
    what: 'a new operator sees the platform that was deleted before this one was made',
    run: (room) => Trial.run(room, restart),
  },
  {
    name: 'relist',
    what: 'a list that is older than what was seen',
    run: (room) => Trial.run(room, relist),
  },
]);
