import { Conditions } from '../../src/runtime/conditions.ts';

const early = Date.parse('2026-01-01T00:00:00Z');
const late = Date.parse('2026-01-01T01:00:00.789Z');

function conditionsAfter(): Conditions {
  const first = new Conditions([], 1, early);
  first.set({ type: 'Ready', status: 'False', reason: 'Starting', message: '0/1' });
  return new Conditions(first.list(), 2, late);
}

test('the time of transition moves when the status flips, not with reason or message', () => {
  const conditions = conditionsAfter();
  conditions.set({ type: 'Ready', status: 'False', reason: 'Waiting', message: 'x' });
  expect(conditions.get('Ready')).toMatchObject({ lastTransitionTime: '2026-01-01T00:00:00Z', observedGeneration: 2 });
  conditions.set({ type: 'Ready', status: 'True', reason: 'Ready', message: '' });
  expect(conditions.get('Ready')?.lastTransitionTime).toBe('2026-01-01T01:00:00Z');
});

test('a set that says the same is equal to what it started from', () => {
  const start = conditionsAfter().list();
  const conditions = new Conditions(start, 1, late);
  conditions.set({ type: 'Ready', status: 'False', reason: 'Starting', message: '0/1' });
  expect(conditions.list()).toEqual(start);
  expect(conditions.transitions()).toEqual([]);
});

test('what flips and flips back within one reconcile is no transition', () => {
  const conditions = conditionsAfter();
  conditions.set({ type: 'Ready', status: 'True', reason: 'Ready', message: '' });
  conditions.set({ type: 'Ready', status: 'False', reason: 'Starting', message: 'again' });
  expect(conditions.transitions()).toEqual([]);
});

test('a message of the length of a log is cut', () => {
  const conditions = conditionsAfter();
  conditions.set({ type: 'Ready', status: 'False', reason: 'Long', message: 'x'.repeat(5_000) });
  expect(conditions.get('Ready')?.message).toHaveLength(1_024);
});
