import type { ClientRequest, IncomingMessage } from 'node:http';
import { AppError } from '@genai-platform/common';
import { hasBody } from './request-body.ts';

/** Nothing of the request has reached anybody. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
/** RFC 9110 section 9.2.2. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/**
 * Whether another attempt may succeed without doing anything twice: no connection came about, or a kept connection was
 * closed by the service just as it was used again, and the request may be repeated.
 */
export function isWorthRetrying(error: unknown, req: IncomingMessage, outgoing: ClientRequest): boolean {
  const code = codeOf(error);
  if (NOT_CONNECTED.has(code)) return true;
  return code === 'ECONNRESET' && outgoing.reusedSocket && IDEMPOTENT.has(req.method ?? '') && !hasBody(req);
}

/** What the client is told when a service could not be asked. */
export function upstreamError(service: string, error: unknown): AppError {
  const code = codeOf(error);
  if (code === 'ETIMEDOUT') {
    return new AppError('GATEWAY_UPSTREAM_TIMEOUT', {
      status: 504,
      detail: `the service ${service} did not answer in time`,
      cause: error,
    });
  }
  if (NOT_CONNECTED.has(code)) {
    return new AppError('GATEWAY_UPSTREAM_UNAVAILABLE', {
      status: 503,
      detail: `the service ${service} cannot be reached right now`,
      retryAfterSeconds: 1,
      cause: error,
    });
  }
  return new AppError('GATEWAY_UPSTREAM_FAILED', {
    status: 502,
    detail: `the service ${service} broke off before it answered`,
    cause: error,
  });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? '';
}
