import { AppError } from '@genai-platform/common';
import { ProviderError } from '../providers/provider-error.ts';
import type { AttemptOptions } from './attempt-options.ts';
import type { Attempt } from './decision.ts';
import { failedByAll } from './failures.ts';
import type { Target } from './route-book.ts';

/** One try. Its signal aborts when its time is up or the client has gone. */
export type Try<T> = (target: Target, signal: AbortSignal) => Promise<T>;

/**
 * Asks one target after another until one answers. All share one deadline; each has its own within it. What a provider
 * rejected is the client's to mend and goes to no other.
 *
 * @throws AppError that names the attempts, or the reason of the client's signal
 */
export async function firstAnswer<T>(options: AttemptOptions, attempt: Try<T>): Promise<{ target: Target; answer: T }> {
  const failures: unknown[] = [];
  for (const target of options.targets) {
    const skipped = reasonToSkip(target, options);
    if (skipped !== undefined) {
      note(options, { target: target.id, outcome: 'skipped', reason: skipped }, performance.now());
      continue;
    }
    const startedAtMs = performance.now();
    try {
      const answer = await oneTry(target, options, attempt);
      options.breakerOf(target).succeed();
      note(options, { target: target.id, outcome: 'answered' }, startedAtMs);
      return { target, answer };
    } catch (error) {
      settle(target, options, error, startedAtMs);
      failures.push(error);
    }
  }
  throw failedByAll(options, failures);
}

function reasonToSkip(target: Target, { breakerOf, endsAtMs }: AttemptOptions): Attempt['reason'] {
  if (performance.now() >= endsAtMs) return 'no-time';
  return breakerOf(target).admit() ? undefined : 'breaker-open';
}

async function oneTry<T>(target: Target, { signal, endsAtMs }: AttemptOptions, attempt: Try<T>): Promise<T> {
  const limitMs = Math.max(1, Math.min(target.timeoutMs, endsAtMs - performance.now()));
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(lateAfter(limitMs)), limitMs);
  const onGone = (): void => controller.abort(signal.reason);
  if (signal.aborted) onGone();
  else signal.addEventListener('abort', onGone, { once: true });
  try {
    return await attempt(target, controller.signal);
  } catch (error) {
    // Whatever a client library makes of an abort, the reason is what happened.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onGone);
  }
}

/** Made when time is up and not before: an error costs more than anything else here. */
function lateAfter(limitMs: number): ProviderError {
  return new ProviderError({ kind: 'timeout', detail: `no answer within ${String(Math.round(limitMs))} ms` });
}

/** Records a failure; throws where no other target is to be asked. */
function settle(target: Target, options: AttemptOptions, error: unknown, startedAtMs: number): void {
  const breaker = options.breakerOf(target);
  if (options.signal.aborted) {
    breaker.release();
    note(options, { target: target.id, outcome: 'abandoned', reason: 'client-gone' }, startedAtMs);
    throw options.signal.reason;
  }
  note(options, { target: target.id, outcome: 'failed', ...described(error) }, startedAtMs);
  if (isRejection(error)) {
    breaker.succeed();
    throw error;
  }
  if (error instanceof AppError && error.status === 429) breaker.release();
  else breaker.fail(error instanceof ProviderError ? error.retryAfterSeconds : undefined);
}

/** The request itself is at fault: no other target would take it either. */
function isRejection(error: unknown): boolean {
  if (error instanceof ProviderError) return error.kind === 'rejected';
  return error instanceof AppError && error.status < 500 && error.status !== 429;
}

function described(error: unknown): Pick<Attempt, 'reason' | 'status' | 'detail'> {
  if (error instanceof ProviderError) {
    return { reason: error.kind, detail: error.message, ...(error.status !== undefined && { status: error.status }) };
  }
  if (error instanceof AppError) {
    return {
      reason: error.status === 429 ? 'rate-limited' : 'unavailable',
      status: error.status,
      detail: error.message,
    };
  }
  return { reason: 'unavailable', detail: 'an error inside of the router' };
}

function note(
  { decision, startedAtMs: begin }: AttemptOptions,
  attempt: Omit<Attempt, 'started_ms' | 'duration_ms'>,
  startedAtMs: number,
): void {
  decision.attempts.push({
    ...attempt,
    started_ms: tenths(startedAtMs - begin),
    duration_ms: tenths(performance.now() - startedAtMs),
  });
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
