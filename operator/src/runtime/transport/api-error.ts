import type { ErrorPolicy } from '../errors.ts';
import { RuntimeError } from '../errors.ts';
import type { ApiCall } from './call.ts';

/** One entry of `status.details.causes`. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** metav1.Status, as far as it is read. */
export interface Status {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly uid?: string;
    readonly causes?: readonly StatusCause[];
    readonly retryAfterSeconds?: number;
  };
}

/** The API server answered, and the answer was no. */
export class ApiError extends RuntimeError {
  readonly code: number;
  /** metav1.StatusReason: `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `Forbidden`, `Expired`, … */
  readonly reason: string;
  readonly causes: readonly StatusCause[];
  readonly retryAfterMs: number | undefined;
  readonly policy: ErrorPolicy;

  constructor(
    call: Pick<ApiCall, 'verb' | 'kind' | 'namespace' | 'name'>,
    code: number,
    status: Status,
    retryAfterMs?: number,
  ) {
    super(`${describe(call)}: ${status.message ?? `HTTP ${code}`}`);
    this.code = code;
    this.reason = status.reason ?? '';
    this.causes = status.details?.causes ?? [];
    const seconds = status.details?.retryAfterSeconds;
    this.retryAfterMs = retryAfterMs ?? (seconds === undefined ? undefined : seconds * 1000);
    this.policy = policyOfStatus(code, status, this.retryAfterMs);
  }

  hasCause(reason: string): boolean {
    return this.causes.some((cause) => cause.reason === reason);
  }
}

/** No answer came, or none that can be read: the request may or may not have taken effect. */
export class ConnectionError extends RuntimeError {
  readonly policy: ErrorPolicy = { retry: 'backoff', reason: 'ApiServerUnreachable', silent: true };

  constructor(call: Pick<ApiCall, 'verb' | 'kind' | 'namespace' | 'name'>, cause: unknown) {
    super(`${describe(call)}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** The call took longer than its deadline. Also a lost reply: the request may have taken effect. */
export class CallTimeout extends RuntimeError {
  readonly policy: ErrorPolicy = { retry: 'backoff', reason: 'ApiServerSlow', silent: true };
}

export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 404;
}

/**
 * The object is not the one that was meant, or not in the state that was meant: 409 of an optimistic lock, a UID
 * precondition or a field owned by another manager. A patch that names another UID is told that UIDs are immutable.
 */
export function isConflict(error: unknown): error is ApiError {
  if (!(error instanceof ApiError) || error.reason === 'AlreadyExists') return false;
  return error.code === 409 || (error.code === 422 && error.causes.some(({ field }) => field === 'metadata.uid'));
}

export function isAlreadyExists(error: unknown): error is ApiError {
  return error instanceof ApiError && error.reason === 'AlreadyExists';
}

/** The resourceVersion is older than what the server still remembers. */
export function isGone(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.code === 410 || error.reason === 'Expired' || error.reason === 'Gone');
}

/** Codes that the same request will get again. */
const terminalCodes: ReadonlySet<number> = new Set([400, 413, 415, 422]);

/** Codes that are about the server's day. Not 500: a failing admission webhook answers with it, and its user must know. */
const silentCodes: ReadonlySet<number> = new Set([401, 409, 429, 502, 503, 504]);

function policyOfStatus(code: number, status: Status, retryAfterMs: number | undefined): ErrorPolicy {
  const reason = reasonOf(code, status);
  const silent = silentCodes.has(code);
  if (code === 409) return { retry: 'soon', reason, silent };
  if (terminalCodes.has(code)) return { retry: 'never', reason };
  return { retry: 'backoff', reason, silent, ...(retryAfterMs !== undefined && { afterMs: retryAfterMs }) };
}

function reasonOf(code: number, status: Status): string {
  if (code === 403) return reasonOfForbidden(status);
  if (code === 429) return 'TooManyRequests';
  if (code >= 500) return 'ApiServerError';
  return status.reason ?? 'Rejected';
}

/** 403 is three different things; a person needs to know which. */
function reasonOfForbidden(status: Status): string {
  if (status.details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating')) return 'NamespaceTerminating';
  return status.message?.includes('exceeded quota') ? 'QuotaExceeded' : 'Forbidden';
}

function describe(call: Pick<ApiCall, 'verb' | 'kind' | 'namespace' | 'name'>): string {
  const place = [call.namespace, call.name].filter((part) => part !== undefined && part !== '').join('/');
  return place === '' ? `${call.verb} ${call.kind.plural}` : `${call.verb} ${call.kind.kind} ${place}`;
}
