import { AppError } from '@genai-platform/common';
import { ProviderError } from '../providers/provider-error.ts';
import type { AttemptOptions } from './attempt-options.ts';
import type { Attempt } from './decision.ts';

const MAX_TEXT = 1_500;

/** The error of a request that no target answered: what kind it is follows from the last failure. */
export function failedByAll(options: AttemptOptions, failures: readonly unknown[]): AppError {
  const cause = failures.at(-1);
  const text = options.decision.attempts.map(wording).join('; ').slice(0, MAX_TEXT);
  const detail = `no provider answered: ${text}`;
  if (failures.length === 0) {
    const waits = options.targets.map((target) => options.breakerOf(target).secondsToProbe);
    return new AppError('LLM_UNAVAILABLE', { status: 503, detail, retryAfterSeconds: Math.max(1, Math.min(...waits)) });
  }
  if (failures.length === 1 && options.targets.length === 1 && cause instanceof AppError) return cause;
  const retryAfter = retryAfterOf(failures);
  if (failures.every(isRateLimit)) {
    return new AppError('LLM_RATE_LIMITED', { status: 429, detail, cause, retryAfterSeconds: retryAfter ?? 1 });
  }
  const status = cause instanceof ProviderError && cause.kind === 'timeout' ? 504 : statusOf(cause);
  return new AppError('LLM_UPSTREAM_FAILED', {
    status,
    detail,
    cause,
    ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
  });
}

/** The words of a provider that rejected a request, as the client would have read them there. */
export function rejectionReply(error: ProviderError): AppError {
  const { message, code, param } = error.rejection ?? { message: error.message, code: 'rejected', param: null };
  return new AppError(code.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_'), {
    status: error.status ?? 400,
    detail: message,
    cause: error,
    ...(param !== null && { pointer: `/${param.replaceAll('.', '/')}` }),
  });
}

function statusOf(error: unknown): number {
  return error instanceof ProviderError && error.kind === 'unavailable' && error.status === 503 ? 503 : 502;
}

function isRateLimit(error: unknown): boolean {
  return (
    (error instanceof ProviderError && error.kind === 'rate-limited') ||
    (error instanceof AppError && error.status === 429)
  );
}

function retryAfterOf(failures: readonly unknown[]): number | undefined {
  const waits = failures.flatMap((error) =>
    error instanceof ProviderError || error instanceof AppError ? (error.retryAfterSeconds ?? []) : [],
  );
  return waits.length === 0 ? undefined : Math.min(...waits);
}

function wording({ target, outcome, reason, status, duration_ms: ms }: Attempt): string {
  if (outcome === 'skipped') return `${target} was not asked (${reason ?? 'skipped'})`;
  const what = status === undefined ? (reason ?? outcome) : `${reason ?? outcome}, status ${String(status)}`;
  return `${target}: ${what} after ${String(Math.round(ms))} ms`;
}
