import { isReady } from '../../../operator/test/platform/harness/place.ts';
import { rowOf } from '../room.ts';
import { Trial, pause } from '../trial.ts';

/** The token is not accepted for a while, as while the keys of an API server are rotated. */
async function unauthorized(trial: Trial): Promise<void> {
  const { subject, room } = trial;
  await trial.created();
  trial.inject({ match: {}, when: 'before', action: { type: 'status', code: 401, reason: 'Unauthorized' } });
  await subject.proxy.breakOpen({}, { type: 'close' });
  await trial.act('upgrade');
  await pause(room.quick ? 3_000 : 20_000);
  subject.proxy.heal();
  await trial.endsAs('upgrade');
}

/** A right is taken away: that is said, and is over as soon as the right is back. */
async function forbidden(trial: Trial): Promise<void> {
  const { subject } = trial;
  const action = { type: 'status', code: 403, reason: 'Forbidden' } as const;
  await subject.start({
    faults: [{ match: { verb: ['apply', 'create'], kind: 'deployments' }, when: 'before', action }],
  });
  await trial.act('create');
  const { status } = await trial.until((platform) => JSON.stringify(platform.status?.conditions ?? []).includes('Forbidden')); // prettier-ignore
  const told = status?.conditions?.find(({ reason }) => reason === 'Forbidden');
  trial.expect(told?.message.includes('deployments') === true || told?.message.includes('Deployment') === true, `not told which right is missing: ${told?.message}`); // prettier-ignore
  subject.proxy.heal();
  await trial.until(isReady);
  await trial.endsAs('create');
}

export const credentials = rowOf('11', 'credentials and rights that are gone for a while', [
  { name: '401', what: 'the token is not accepted', run: (room) => Trial.run(room, unauthorized) },
  { name: '403', quick: true, what: 'Deployments may not be written', run: (room) => Trial.run(room, forbidden) },
]);
