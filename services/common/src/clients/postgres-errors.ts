import pg from 'pg';
import { AppError } from '../errors.ts';
import { CredentialsUnreadable } from './credentials.ts';

/** Not reachable, restarting, full, or a password that is just being rotated: another attempt may work. */
const TRANSIENT_STATES = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '28P01',
  '28000',
  '08000',
  '08003',
  '08006',
  '08001',
]);
const TRANSIENT_SYSTEM = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'ENOENT'],
]);
const TRANSIENT_TEXT =
  /connection terminated|connection timeout|query read timeout|client has encountered a connection error|not queryable/i;
const POOL_EXHAUSTED = /timeout exceeded when trying to connect/;
const QUERY_CANCELED = '57014';

/** Whether the error is about the connection rather than about the statement. */
export function isConnectionError(error: unknown): boolean {
  if (error instanceof CredentialsUnreadable) return false;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && (TRANSIENT_STATES.has(code) || TRANSIENT_SYSTEM.has(code))) return true;
  return typeof message === 'string' && !(error instanceof pg.DatabaseError) && TRANSIENT_TEXT.test(message);
}

/** Whether the whole transaction can be run again: a serialization failure or a deadlock. */
export function isTransactionConflict(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === '40001' || code === '40P01';
}

/** What a database error means to the caller of the service; other errors pass through. */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  if (error instanceof CredentialsUnreadable) return unreadable(error);
  if ((error as { code?: unknown }).code === QUERY_CANCELED) {
    return new AppError('DATABASE_TIMEOUT', { status: 504, detail: 'the database took too long', cause: error });
  }
  if (POOL_EXHAUSTED.test(String((error as { message?: unknown }).message))) return unavailable('DATABASE_BUSY', error);
  return isConnectionError(error) ? unavailable('DATABASE_UNAVAILABLE', error) : error;
}

function unavailable(code: string, cause: unknown): AppError {
  const detail = code === 'DATABASE_BUSY' ? 'the database is busy' : 'the database is not reachable now';
  return new AppError(code, { status: 503, detail, retryAfterSeconds: 1, cause });
}

/** No attempt of this process helps: the pod's mount does. The file's name is for the log, as the cause. */
function unreadable(cause: CredentialsUnreadable): AppError {
  const detail = 'the credentials of the database cannot be read';
  return new AppError('DATABASE_CREDENTIALS_UNREADABLE', { status: 503, detail, retryable: false, cause });
}
