import { Conditions } from '../../../src/runtime/conditions.ts';
import type { ErrorPolicy, Result, Step, StepContext } from '../../../src/runtime/index.ts';
import { done, parallel, RuntimeError, stall, wait } from '../../../src/runtime/index.ts';
import type { Widget } from '../../harness/widget.ts';
import { pursue } from '../../../src/runtime/reconcile/pursue.ts';

class Failure extends RuntimeError {
  readonly policy: ErrorPolicy;

  constructor(message: string, policy: Partial<ErrorPolicy> = {}) {
    super(message);
    this.policy = { retry: 'backoff', reason: 'Broken', ...policy };
  }
}

function aContext(): StepContext<Widget> {
  return {
    conditions: new Conditions([], 1, 0),
    signal: new AbortController().signal,
  } as unknown as StepContext<Widget>;
}

function aStep(condition: string, run: () => Result): Step<Widget> {
  return { name: condition.toLowerCase(), condition, run };
}

function fails(condition: string, failure: Error): Step<Widget> {
  return aStep(condition, () => {
    throw failure;
  });
}

const waits = (condition: string, afterMs: number): Step<Widget> =>
  aStep(condition, () => wait('Moving', `${condition} moves`, { afterMs }));

test('all branches run, and none hides what another says', async () => {
  const context = aContext();
  const step = parallel([fails('A', new Failure('a broke')), waits('B', 5_000), aStep('C', () => done('Fine'))]);
  await expect(step.run(context)).rejects.toThrow('a broke');
  const said = ['A', 'B', 'C'].map((type) => context.conditions.get(type)?.reason);
  expect(said).toEqual(['Broken', 'Moving', 'Fine']);
});

test('several failures are joined, and what can be retried is', async () => {
  const step = parallel([
    fails('A', new Failure('a', { retry: 'never' })),
    fails('B', new Failure('b', { afterMs: 9_000 })),
  ]);
  await expect(step.run(aContext())).rejects.toMatchObject({
    message: 'a; b',
    policy: { retry: 'backoff', afterMs: 9_000 },
  });
});

test('a failure that says nothing about the object does not silence one that does', async () => {
  const silent = new Failure('busy', { reason: 'TooManyRequests', silent: true });
  const step = parallel([fails('A', silent), fails('B', new Failure('forbidden', { reason: 'Forbidden' }))]);
  await expect(step.run(aContext())).rejects.toMatchObject({ policy: { reason: 'Forbidden', silent: false } });
});

test('a stall outweighs a wait, and of waits the soonest counts', async () => {
  expect(
    await parallel([waits('A', 5_000), aStep('B', () => stall('Broken', 'b is broken'))]).run(aContext()),
  ).toMatchObject({ outcome: 'stall', message: 'b is broken' });
  expect(await parallel([waits('A', 5_000), waits('B', 1_000)]).run(aContext())).toMatchObject({
    outcome: 'wait',
    afterMs: 1_000,
    message: 'A moves; B moves',
  });
});

test('steps after one that is not done do not run, and say what they wait for, also within a parallel one', async () => {
  const context = aContext();
  const never = aStep('D', () => {
    throw new Error('ran');
  });
  const outcome = await pursue<Widget>(
    [aStep('A', () => done()), waits('B', 1), parallel([never, aStep('E', () => done())])],
    context,
  );
  expect(outcome).toMatchObject({ type: 'wait', reason: 'Moving' });
  expect(context.conditions.get('D')).toMatchObject({ status: 'Unknown', reason: 'Pending', message: 'waits for b' });
  expect(context.conditions.get('E')).toMatchObject({ reason: 'Pending' });
});

test('a lost race says nothing about the object', async () => {
  const context = aContext();
  await expect(
    pursue<Widget>([fails('A', new Failure('conflict', { retry: 'soon', silent: true }))], context),
  ).rejects.toThrow();
  expect(context.conditions.get('A')).toBeUndefined();
});
