import { narrated, tellReady } from '../../src/platform/narrate.ts';
import type { PlatformContext, PlatformStep } from '../../src/platform/session.ts';
import { TerminalError, done, stall, wait } from '../../src/runtime/index.ts';

interface Told {
  readonly context: PlatformContext;
  summary(): string | undefined;
  degraded(): { status: string; reason: string } | undefined;
}

function aContext(): Told {
  const conditions = new Map<string, { status: string; reason: string }>();
  const status: { summary?: string } = {};
  const set = (verdict: { type: string; status: string; reason: string }): void => {
    conditions.set(verdict.type, { status: verdict.status, reason: verdict.reason });
  };
  const session = { problems: [], story: [] };
  const context = { session, status, conditions: { set }, signal: new AbortController().signal };
  return {
    context: context as unknown as PlatformContext,
    summary: () => status.summary,
    degraded: () => conditions.get('Degraded'),
  };
}

const step = (name: string, run: PlatformStep['run']): PlatformStep => narrated({ name, run });

test('what a step waits for is told in its words', async () => {
  const told = aContext();
  await step('database', () => wait('Starting', '0/1 ready', { afterMs: 1 })).run(told.context);
  expect(told.summary()).toBe('waiting for database: 0/1 ready');
  expect(told.degraded()).toEqual({ status: 'False', reason: 'AsExpected' });
});

test('steps side by side are all told, and a problem is more than a wait', async () => {
  const told = aContext();
  await step('database', () => wait('Starting', '0/1 ready', { afterMs: 1 })).run(told.context);
  await step('cache', ({ session }) => {
    session.problems.push({ reason: 'ImagePullFailed', message: 'not found' });
    return wait('ImagePullFailed', 'not found', { afterMs: 1 });
  }).run(told.context);
  expect(told.summary()).toBe('waiting for database: 0/1 ready; waiting for cache: not found');
  expect(told.degraded()).toEqual({ status: 'True', reason: 'ImagePullFailed' });
});

test('what only a person can mend is said so, and what is tried again too', async () => {
  const told = aContext();
  await step('edge', () => stall('RouteRefused', 'no such Gateway')).run(told.context);
  expect(told.summary()).toBe('edge needs attention: no such Gateway');

  const failing = aContext();
  const run = step('secrets', () => Promise.reject(new Error('connection refused'))).run(failing.context);
  await expect(run).rejects.toThrow('connection refused');
  expect(failing.summary()).toBe('retrying secrets: connection refused');
  expect(failing.degraded()).toEqual({ status: 'False', reason: 'AsExpected' });
});

test('a failure that no retry mends is a problem', async () => {
  const told = aContext();
  const run = step('secrets', () => Promise.reject(new TerminalError('SecretLost', 'it is gone'))).run(told.context);
  await expect(run).rejects.toThrow('it is gone');
  expect(told.degraded()).toEqual({ status: 'True', reason: 'SecretLost' });
});

test('a step that is done tells nothing, and the end of all is told', async () => {
  const told = aContext();
  await step('secrets', () => done()).run(told.context);
  expect(told.summary()).toBeUndefined();
  tellReady(told.context);
  expect(told.summary()).toBe('ready');
});
