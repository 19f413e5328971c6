import type { FaultPlan, Match } from '../../../operator/test/harness/fault-plan.ts';
import { isReady } from '../../../operator/test/platform/harness/place.ts';
import { rowOf } from '../room.ts';
import { Trial, pause } from '../trial.ts';

/** From now on, what watches would show comes when the gate opens. */
async function freeze({ subject }: Trial, gate: Promise<void>): Promise<void> {
  subject.proxy.inject({ match: { verb: 'watch' }, when: 'after', action: { type: 'freeze', gate } });
  await subject.proxy.breakOpen({}, { type: 'close' });
}

async function frozen(trial: Trial): Promise<void> {
  const { subject, room } = trial;
  await trial.created();
  const gate = Promise.withResolvers<void>();
  await freeze(trial, gate.promise);
  await trial.act('upgrade');
  await subject.place.remove('services', 'acme-search');
  await pause(room.quick ? 4_000 : 30_000);
  subject.proxy.heal();
  gate.resolve();
  await trial.endsAs('upgrade');
}

/** Events of these kinds never come, for as long as it says so. */
function dropping(match: Match, holds: () => boolean): FaultPlan {
  const drop = (line: string): string => (holds() && !line.includes('"type":"BOOKMARK"') ? '' : line);
  return [{ match: { verb: 'watch', ...match }, when: 'after', action: { type: 'rewrite', with: drop } }];
}

/** An edit and its reversal are both unseen. */
async function edited(trial: Trial): Promise<void> {
  const { subject } = trial;
  await trial.created();
  let blind = true;
  trial.inject(...dropping({ kind: 'deployments' }, () => blind));
  await subject.proxy.breakOpen({ kind: 'deployments' }, { type: 'close' });
  await pause(500);
  for (const color of ['red', null]) {
    await subject.place.patch('deployments', 'acme-search', { metadata: { labels: { color } } });
  }
  await pause(500);
  blind = false;
  await trial.act('upgrade');
  await trial.endsAs('upgrade');
}

/** That the platform went, and that another of its name came, are both unseen. */
async function replaced(trial: Trial): Promise<void> {
  const { subject, room } = trial;
  await trial.created();
  let blind = true;
  trial.inject(...dropping({ kind: 'genaiplatforms' }, () => blind));
  await subject.proxy.breakOpen({ kind: 'genaiplatforms' }, { type: 'close' });
  await pause(500);
  const path = `/apis/genaiplatform.io/v1alpha1/namespaces/${subject.place.namespace}/genaiplatforms/acme`;
  const text = JSON.stringify({ metadata: { finalizers: null } });
  await room.world.plane.request('PATCH', path, { contentType: 'application/merge-patch+json', text });
  await trial.act('delete');
  await trial.act('create');
  await pause(500);
  blind = false;
  // Any change at all: what the operator sees of it has another UID than what it knows.
  const seen = JSON.stringify({ metadata: { annotations: { 'example.com/touched': 'yes' } } });
  await room.world.plane.request('PATCH', path, { contentType: 'application/merge-patch+json', text: seen });
  const untouched = JSON.stringify({ metadata: { annotations: null } });
  await trial.until(isReady);
  await room.world.plane.request('PATCH', path, { contentType: 'application/merge-patch+json', text: untouched });
  await trial.endsAs('create');
}

export const frozenWatch = rowOf('4', 'watches that show nothing, or not all', [
  { name: 'frozen', what: 'all watches stand still while much happens', run: (room) => Trial.run(room, frozen) },
  { name: 'edited', what: 'an edit and its reversal are never shown', run: (room) => Trial.run(room, edited) },
  {
    name: 'replaced',
    quick: true,
    what: 'a deletion and a creation are never shown',
    run: (room) => Trial.run(room, replaced),
  },
]);
