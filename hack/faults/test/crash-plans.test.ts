import { crashPlans, sampleOf } from '../crash-plans.ts';
import { scenarios } from '../scenarios.ts';

const writes = ['create secrets acme-ca', 'apply genaiplatforms acme status', 'apply jobs acme-search-migrate-*', 'apply genaiplatforms acme status']; // prettier-ignore
const [scenario] = scenarios;
const plans = crashPlans({ scenario: scenario!, writes });

test('each write is crashed after, and before its reply', () => {
  expect(plans.map(({ id }) => id)).toEqual([
    'create/001/replied',
    'create/001/unanswered',
    'create/002/replied',
    'create/002/unanswered',
    'create/003/replied',
    'create/003/unanswered',
    'create/004/replied',
    'create/004/unanswered',
  ]);
  expect(plans.map(({ fault }) => fault.nth)).toEqual([1, 1, 1, 1, 1, 1, 2, 2]);
});

test('a write is found again whatever its hash is this time', () => {
  const { name } = plans[4]!.fault.match;
  expect(name).toEqual(/^acme-search-migrate-[0-9a-f]{8,10}$/);
});

test('samples share the plans out: each is in one of them', () => {
  const samples = [1, 2, 3].flatMap((n) => sampleOf(plans, { n, m: 3 }));
  expect(samples.map(({ id }) => id).sort()).toEqual(plans.map(({ id }) => id).sort());
});
