import { controllers } from '../../../operator/test/platform/harness/controllers.ts';
import { rowOf } from '../room.ts';
import { Trial, pause } from '../trial.ts';

const LOOKS = 100;
const EDITS = 100;

/** Nothing is written while nothing happens. */
async function idle(trial: Trial): Promise<void> {
  const { subject } = trial;
  await trial.created();
  subject.crash();
  await subject.start({ controllers: (deps) => controllers(deps).map((each) => ({ ...each, resyncMs: 20 })) });
  const before = subject.writes().length;
  while ((await trial.looks()) < LOOKS) await pause(100);
  for (const { verb, kind, name } of subject.writes().slice(before)) trial.problems.push(`${verb} ${kind} ${name} at rest`); // prettier-ignore
}

/** Many changes at once are a few looks: keys wait once each, and come again once. */
async function burst(trial: Trial): Promise<void> {
  const { subject } = trial;
  await trial.created();
  const before = await trial.looks();
  trial.inject({ match: { verb: ['get', 'apply'], kind: 'deployments' }, when: 'after', action: { type: 'delay', ms: 300 } }); // prettier-ignore
  for (let edit = 0; edit < EDITS; edit += 1) {
    await subject.place.patch('deployments', 'acme-search', {
      metadata: { labels: { 'app.kubernetes.io/part-of': `edit-${edit}` } },
    });
  }
  await trial.endsAs('create');
  const looks = (await trial.looks()) - before;
  trial.expect(looks <= EDITS / 2, `${looks} looks after ${EDITS} edits`);
}

export const rest = rowOf('14', 'nothing happens, or the same again and again', [
  { name: 'idle', what: `${LOOKS} looks at a platform at rest`, run: (room) => Trial.run(room, idle) },
  { name: 'burst', quick: true, what: `${EDITS} edits in a row`, run: (room) => Trial.run(room, burst) },
]);
