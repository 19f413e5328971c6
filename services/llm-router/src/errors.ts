import { AppError } from '@genai-platform/common';

/** An embedded model that is not there, or not yet. */
export function engineUnavailable(reason: string): AppError {
  return new AppError('LLM_ENGINE_UNAVAILABLE', { status: 503, detail: reason, retryAfterSeconds: 2 });
}

/** More work waits for an embedded model than it can do soon. */
export function engineBusy(model: string, retryAfterSeconds: number): AppError {
  return new AppError('LLM_ENGINE_BUSY', {
    status: 429,
    detail: `the embedded model ${model} has as much to do as it may: try again in ${String(retryAfterSeconds)} s`,
    retryAfterSeconds,
  });
}

/** OpenAI's own code for it, which clients look for. */
export function promptTooLong(tokens: number, limit: number, pointer: string): AppError {
  return new AppError('CONTEXT_LENGTH_EXCEEDED', {
    status: 400,
    detail: `the text has ${String(tokens)} tokens, and the model takes at most ${String(limit)}`,
    pointer,
  });
}

/** A model that nobody serves. */
export function modelUnknown(model: string, known: readonly string[]): AppError {
  return new AppError('MODEL_NOT_FOUND', {
    status: 404,
    detail: `there is no model "${model}"; there are: ${known.join(', ')}`,
    pointer: '/model',
  });
}

/** Nothing here does this: it is no matter of the model that was named. */
export function nobodyCan(operation: string): AppError {
  return new AppError('LLM_NOT_CONFIGURED', {
    status: 400,
    detail: `no model here does ${operation}: configure a provider with one whose operations list it`,
    pointer: '/model',
  });
}

/** A model that is there, but not for this. */
export function modelUnfit(model: string, operation: string, able: readonly string[]): AppError {
  return new AppError('MODEL_NOT_FOUND', {
    status: 404,
    detail: `the model "${model}" does no ${operation}; these do: ${able.join(', ')}`,
    pointer: '/model',
  });
}

/** Something that this model cannot do. */
export function notSupported(detail: string, pointer: string): AppError {
  return new AppError('LLM_NOT_SUPPORTED', { status: 400, detail, pointer });
}
