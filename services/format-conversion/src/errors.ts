import { AppError } from '@genai-platform/common';
import type { ConversionCode } from './domain/conversion-error.ts';
import { PoolBusy } from './pool/conversion-pool.ts';
import type { Answer, Outcome } from './pool/task.ts';
import { TaskEnded, type Ending } from './pool/worker-slot.ts';

const STATUS: Readonly<Record<ConversionCode, number>> = {
  CONVERT_FORMAT_UNKNOWN: 415,
  CONVERT_PAIR_UNSUPPORTED: 422,
  CONVERT_DOCUMENT_MALFORMED: 422,
  CONVERT_DOCUMENT_ENCRYPTED: 422,
  CONVERT_DOCUMENT_TOO_LARGE: 413,
  CONVERT_NOTHING_TO_WRITE: 422,
};

const ENDINGS: Readonly<Record<Ending, () => AppError>> = {
  deadline: () =>
    new AppError('CONVERT_TIMEOUT', { status: 422, detail: 'The document takes longer to convert than is allowed.' }),
  memory: () =>
    new AppError('CONVERT_DOCUMENT_TOO_LARGE', {
      status: 413,
      detail: 'The document needs more memory to convert than is allowed.',
    }),
  aborted: () => new AppError('CONVERT_CANCELLED', { status: 499, detail: 'The conversion was cancelled.' }),
  crashed: () => new AppError('CONVERT_CRASHED', { status: 500, detail: 'The converter failed on this document.' }),
};

/** The outcome inside a worker's answer. @throws AppError for a refused document, Error for a bug */
export function outcomeOf(answer: Answer): Outcome {
  if (answer.state === 'done') return answer.outcome;
  if (answer.state === 'refused')
    throw new AppError(answer.code, { status: STATUS[answer.code], detail: answer.detail });
  const bug = new Error(`the converter failed: ${answer.message}`);
  if (answer.stack !== undefined) bug.stack = answer.stack;
  throw new AppError('CONVERT_CRASHED', { status: 500, detail: 'The converter failed on this document.', cause: bug });
}

/** What a pool throws, as the caller is to see it. */
export function poolError(error: unknown): unknown {
  if (error instanceof TaskEnded) return ENDINGS[error.ending]();
  if (error instanceof PoolBusy) {
    const { retryAfterSeconds } = error;
    return new AppError('CONVERT_BUSY', {
      status: 503,
      detail: 'All workers are busy; try again later.',
      retryAfterSeconds,
    });
  }
  return error;
}
