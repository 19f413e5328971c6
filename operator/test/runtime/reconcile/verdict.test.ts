import { failed } from '../../../src/runtime/reconcile/outcome.ts';
import { decide } from '../../../src/runtime/reconcile/verdict.ts';
import { TerminalError } from '../../../src/runtime/index.ts';
import { NotLeading, StaleView } from '../../../src/runtime/errors.ts';
import { ApiError, ConnectionError } from '../../../src/runtime/transport/api-error.ts';
import { configMaps } from '../../harness/widget.ts';

const resyncMs = 600_000;
const call = { verb: 'get', kind: configMaps, namespace: 'default', name: 'one' } as const;

function apiError(code: number, status: object = {}, retryAfterMs?: number): ApiError {
  return new ApiError(call, code, status, retryAfterMs);
}

test.each([
  ['what is done', { type: 'done', message: '' }, { type: 'after', delayMs: resyncMs, settled: true }, 'success'],
  ['what is suspended', { type: 'suspended' }, { type: 'after', delayMs: resyncMs, settled: true }, 'success'],
  ['what is gone', { type: 'gone' }, { type: 'forget' }, 'success'],
  [
    'a wait',
    { type: 'wait', reason: 'R', message: 'm', afterMs: 7 },
    { type: 'after', delayMs: 7, settled: false },
    'requeue_after',
  ],
  [
    'a stall',
    { type: 'stall', reason: 'R', message: 'm' },
    { type: 'after', delayMs: 60_000, settled: true },
    'requeue_after',
  ],
] as const)('%s is looked at again in its time', (_what, outcome, next, result) => {
  expect(decide(outcome, resyncMs)).toMatchObject({ next, result });
});

test.each([
  ['an error that nobody foresaw', new TypeError('x'), 'retry', 'error'],
  ['a broken connection', new ConnectionError(call, new Error('reset')), 'retry', 'error'],
  ['500', apiError(500), 'retry', 'error'],
  ['403', apiError(403), 'retry', 'error'],
  ['422', apiError(422), 'after', 'error'],
  ['a terminal error', new TerminalError('InvalidSpec', 'x'), 'after', 'error'],
  ['409', apiError(409), 'retry', 'requeue'],
  ['a stale view', new StaleView('x'), 'retry', 'requeue'],
  ['the loss of the lease', new NotLeading('x'), 'retry', 'requeue'],
] as const)('%s has a policy of its own', (_what, error, type, result) => {
  expect(decide(failed(error), resyncMs)).toMatchObject({ next: { type }, result });
});

test('Retry-After reaches the queue', () => {
  expect(decide(failed(apiError(429, {}, 5_000)), resyncMs).next).toEqual({ type: 'retry', atLeastMs: 5_000 });
});

test('the three meanings of 403 are told apart', () => {
  const causes = [{ reason: 'NamespaceTerminating' }];
  expect(apiError(403, { message: 'exceeded quota: q, requested: pods=1' }).policy.reason).toBe('QuotaExceeded');
  expect(apiError(403, { details: { causes } }).policy.reason).toBe('NamespaceTerminating');
  expect(apiError(403, { message: 'User "x" cannot get' }).policy.reason).toBe('Forbidden');
});

test('a thrown value that is no Error is an error all the same', () => {
  expect(failed('oops')).toMatchObject({ type: 'failed', error: { message: 'oops' } });
});
