import { NotLeading } from '../../../src/runtime/errors.ts';
import { instantOf, Term } from '../../../src/runtime/leadership/term.ts';
import { FakeClock } from '../../harness/fake-clock.ts';

function aTerm(): { readonly term: Term; readonly clock: FakeClock } {
  const clock = new FakeClock();
  const term = new Term(clock);
  term.extend(instantOf(clock), 10_000);
  return { term, clock };
}

test('a term ends by itself when it is not extended', async () => {
  const { term, clock } = aTerm();
  await clock.advance(9_999);
  expect(term.signal.aborted).toBe(false);
  await clock.advance(1);
  expect(term.signal.reason).toBeInstanceOf(NotLeading);
});

test('an extension counts from before the renewal was sent, not from when it was answered', async () => {
  const { term, clock } = aTerm();
  const sentAt = instantOf(clock);
  await clock.advance(4_000);
  term.extend(sentAt, 10_000);
  await clock.advance(5_999);
  expect(term.isOver()).toBe(false);
  await clock.advance(1);
  expect(term.isOver()).toBe(true);
});

test('a process that was stopped for too long may not write, although no timer has run yet', () => {
  const { term, clock } = aTerm();
  term.assert();
  clock.freeze(20_000);
  expect(() => term.assert()).toThrow(NotLeading);
  expect(term.signal.aborted).toBe(true);
});

test('a machine that was suspended may not write, although its monotonic clock stood still', () => {
  const { term, clock } = aTerm();
  clock.skew(20_000);
  expect(() => term.assert()).toThrow(NotLeading);
});

test('a wall clock that is set back prolongs nothing', async () => {
  const { term, clock } = aTerm();
  clock.skew(-3_600_000);
  await clock.advance(10_000);
  expect(term.isOver()).toBe(true);
});

test('a term that has ended is not extended by a late answer', () => {
  const { term, clock } = aTerm();
  term.end('another holds the lease');
  term.extend(instantOf(clock), 10_000);
  expect(term.isOver()).toBe(true);
  expect(clock.pending).toBe(0);
});

test('a permanent term outlives every timer', async () => {
  const clock = new FakeClock();
  const term = Term.permanent(clock);
  await clock.advance(100 * 24 * 3_600_000);
  term.assert();
  expect(term.isOver()).toBe(false);
});
