import { AppError } from '@genai-platform/common';
import type { Issue } from './domain/document.ts';

/** The index does not exist for this tenant; another tenant's index of that name makes no difference to the answer. */
export function indexMissing(name: string): AppError {
  return new AppError('SEARCH_INDEX_MISSING', { status: 404, detail: `there is no index "${name}"` });
}

export function documentMissing(id: string): AppError {
  return new AppError('SEARCH_DOCUMENT_MISSING', { status: 404, detail: `there is no document "${id}"` });
}

/** A request that is well-formed but does not fit the index. */
export function requestUnfit({ pointer, detail }: Issue): AppError {
  return new AppError('SEARCH_REQUEST_UNFIT', { status: 400, detail, pointer });
}

/** If-Match names another version than the one stored (RFC 9110, 13.1.1). */
export function preconditionFailed(): AppError {
  return new AppError('SEARCH_INDEX_CHANGED', {
    status: 412,
    detail: 'the index has changed since the version in If-Match, or does not exist',
  });
}

/** Settings that decide how documents were inverted cannot change under them. */
export function reindexNeeded(issues: readonly Issue[]): AppError {
  return new AppError('SEARCH_REINDEX_NEEDED', {
    status: 409,
    detail: 'documents were indexed with other settings: make a new index and put them there',
    errors: issues,
  });
}

export function cursorInvalid(detail: string): AppError {
  return new AppError('SEARCH_CURSOR_INVALID', { status: 400, detail, pointer: '/cursor' });
}
