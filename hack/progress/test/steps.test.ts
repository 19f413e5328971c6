import { AdvisedError } from '../../machine/advice.ts';
import { runSteps, StepError, type Step } from '../steps.ts';
import type { View } from '../view.ts';

const silent: View = {
  start: () => ({ say: () => undefined, announce: () => undefined, done: () => undefined, failed: () => undefined }),
  close: () => undefined,
};
const options = { logs: '/logs', view: silent };

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Steps that record when they start and end. */
function recording(): { events: string[]; step: (name: string, needs?: string[]) => Step } {
  const events: string[] = [];
  const step = (name: string, needs: string[] = []): Step => ({
    name,
    needs,
    run: async () => {
      events.push(`+${name}`);
      await sleep(10);
      events.push(`-${name}`);
    },
  });
  return { events, step };
}

describe('running steps', () => {
  test('runs independent steps side by side and dependent ones after what they need, in whatever order they are listed', async () => {
    const { events, step } = recording();
    await runSteps([step('c', ['a', 'b']), step('a'), step('b')], options);
    expect(events.slice(0, 2)).toEqual(['+a', '+b']);
    expect(events.slice(4)).toEqual(['+c', '-c']);
  });

  test('tells how long each took', async () => {
    const { step } = recording();
    const timings = await runSteps([step('a')], options);
    expect(timings).toEqual([{ name: 'a', seconds: expect.closeTo(0.01, 1) }]);
  });

  test('a failure names step, cause, log and what to do, stops the others, and starts nothing that needs it', async () => {
    let stopped = false;
    let started = false;
    const steps: Step[] = [
      { name: 'Docker engine', run: () => Promise.reject(new AdvisedError('no daemon', 'Start it.')) },
      {
        name: 'other',
        run: async ({ signal }) => {
          await new Promise((resolve) => {
            signal.addEventListener('abort', resolve);
          });
          stopped = true;
          throw new Error('interrupted');
        },
      },
      {
        name: 'after',
        needs: ['Docker engine'],
        run: async () => {
          started = true;
        },
      },
    ];
    const failure = await runSteps(steps, options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StepError);
    expect((failure as StepError).message).toBe(
      'Docker engine failed: no daemon\n  Log:     /logs/Docker-engine.log\n  To do:   Start it.',
    );
    expect({ stopped, started }).toEqual({ stopped: true, started: false });
  });

  test('an interruption from outside starts no further step', async () => {
    const { events, step } = recording();
    const abort = new AbortController();
    const first: Step = {
      name: 'first',
      run: async () => {
        abort.abort(new Error('Ctrl-C'));
      },
    };
    await expect(runSteps([first, step('second', ['first'])], { ...options, signal: abort.signal })).rejects.toThrow(
      'Ctrl-C',
    );
    expect(events).toEqual([]);
  });

  test.each([
    [[{ name: 'a', needs: ['x'] }], 'step "a" needs "x", which is no step'],
    [
      [
        { name: 'a', needs: ['b'] },
        { name: 'b', needs: ['a'] },
      ],
      'steps need each other: a → b → a',
    ],
    [[{ name: 'a' }, { name: 'a' }], 'two steps have the same name'],
  ])('refuses a list that cannot be run: %j', async (steps, message) => {
    await expect(
      runSteps(
        steps.map((step) => ({ ...step, run: async () => undefined })),
        options,
      ),
    ).rejects.toThrow(message);
  });
});
