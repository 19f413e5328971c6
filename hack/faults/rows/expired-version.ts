import type { FaultPlan } from '../../../operator/test/harness/fault-plan.ts';
import { collectionOf } from '../../../operator/test/harness/fault-plan.ts';
import { rowOf } from '../room.ts';
import { until } from '../../../operator/test/harness/until.ts';
import { Trial } from '../trial.ts';

/** That are watched and installed: those of other products are not. */
const COLLECTIONS = 15;

const expired = { code: 410, reason: 'Expired' } as const;
/** The next watch of each collection learns it: instead of an answer, or as its first event. */
const refusals: Readonly<Record<'http' | 'event', FaultPlan>> = {
  http: [{ match: { verb: 'watch' }, when: 'before', each: true, times: 1, action: { type: 'status', ...expired } }],
  event: [
    { match: { verb: 'watch' }, when: 'after', each: true, times: 1, action: { type: 'error-event', ...expired } },
  ],
};

/** The API server has forgotten where the watches were, and what happened since is only in a new list. */
async function forgotten(trial: Trial, how: 'http' | 'event'): Promise<void> {
  const { subject } = trial;
  await trial.created();
  const gate = Promise.withResolvers<void>();
  const hold = subject.proxy.inject({ match: { verb: 'watch' }, when: 'after', action: { type: 'freeze', gate: gate.promise } }); // prettier-ignore
  await subject.proxy.breakOpen({}, { type: 'close' });
  const open = (): number => Object.keys(subject.proxy.openWatches()).length;
  await until(() => open() >= COLLECTIONS, 'all watches are open again', 180_000);
  // Unseen: the watches are frozen, and end before they thaw.
  await subject.place.remove('services', 'acme-search');
  hold.remove();
  trial.newRequests();
  const looks = await trial.looks();
  trial.inject(...refusals[how]);
  await subject.proxy.breakOpen({}, { type: 'close' });
  const listed = (): number => subject.proxy.requests.filter(({ verb }) => verb === 'list').length;
  await until(() => listed() >= COLLECTIONS, 'every collection is listed again', 180_000);
  await trial.endsAs('create');
  gate.resolve();
  const lists = trial.newRequests().filter(({ verb }) => verb === 'list').map(collectionOf); // prettier-ignore
  trial.expect(new Set(lists).size === lists.length, `read more than once: ${lists.sort().join(', ')}`);
  const more = (await trial.looks()) - looks;
  trial.expect(more <= 20, `${more} looks at one platform after one new list a collection`);
  await trial.act('upgrade');
  await trial.endsAs('upgrade');
}

/** A list in many pages, whose second page has expired. */
async function pages(trial: Trial): Promise<void> {
  const { subject } = trial;
  await trial.created();
  subject.crash();
  const before = await trial.identities();
  await subject.start({
    faults: [
      { match: { verb: 'list' }, when: 'before', each: true, nth: 2, times: 1, action: { type: 'status', ...expired } },
      { match: { verb: 'list' }, when: 'before', action: { type: 'query', set: { limit: '3' } } },
    ],
  });
  await subject.manager.whenSynced();
  await trial.endsAs('create');
  await trial.same(before);
  await trial.act('upgrade');
  await trial.endsAs('upgrade');
}

export const expiredVersion = rowOf('6', 'versions that the API server has forgotten', [
  { name: 'http', quick: true, what: '410 in answer to a watch', run: (room) => Trial.run(room, (trial) => forgotten(trial, 'http')) }, // prettier-ignore
  { name: 'event', what: '410 as an event', run: (room) => Trial.run(room, (trial) => forgotten(trial, 'event')) },
  { name: 'pages', what: '410 in the middle of a list', run: (room) => Trial.run(room, pages) },
]);
