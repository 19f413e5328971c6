import { AppError } from '@genai-platform/common';

/** The collection does not exist for this tenant; another tenant's of that name makes no difference to the answer. */
export function collectionMissing(name: string, pointer?: string): AppError {
  const detail = `there is no collection "${name}"`;
  return new AppError('RAG_COLLECTION_MISSING', { status: 404, detail, ...(pointer !== undefined && { pointer }) });
}

/** Also what is there and may not be seen. */
export function documentMissing(id: string): AppError {
  return new AppError('RAG_DOCUMENT_MISSING', { status: 404, detail: `there is no document "${id}"` });
}

export function collectionExists(name: string): AppError {
  return new AppError('RAG_COLLECTION_EXISTS', {
    status: 409,
    detail: `there is a collection "${name}" already`,
    pointer: '/name',
  });
}

/** Two of them would take each other's vectors for left-overs. */
export function reembedRunning(job: string, model: string): AppError {
  return new AppError('RAG_REEMBED_RUNNING', {
    status: 409,
    detail: `the collection is being embedded anew by ${model} already (job ${job}): wait for its end, or cancel it`,
  });
}

/** A bound of the tenant or the collection. */
export function quotaExceeded(detail: string): AppError {
  return new AppError('RAG_QUOTA_EXCEEDED', { status: 409, detail });
}

/** The platform has no such part, or it is switched off. */
export function partMissing(part: string, detail: string): AppError {
  return new AppError('RAG_PART_MISSING', {
    status: 503,
    detail: `${detail}: the platform runs no ${part}`,
    retryable: false,
  });
}

/** What a model's service has refused: the request is at fault, not the connection. */
export function modelRefused(what: string, reason: string, pointer?: string): AppError {
  const detail = `${what}: ${reason}`;
  return new AppError('RAG_MODEL_REFUSED', { status: 422, detail, ...(pointer !== undefined && { pointer }) });
}

/** A document that nothing can be taken from. */
export function documentUnfit(detail: string): AppError {
  return new AppError('RAG_DOCUMENT_UNFIT', { status: 422, detail });
}
