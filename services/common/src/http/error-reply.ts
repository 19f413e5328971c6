import { STATUS_CODES } from 'node:http';
import type { Request } from 'express';
import { AppError } from '../errors.ts';
import type { ErrorFormat, Exchange } from './exchange.ts';
import type { RenderedReply } from './rendered-reply.ts';

/** The reply that an error becomes. */
export function renderError(req: Request, exchange: Exchange, error: AppError): RenderedReply {
  const [contentType, body] = WORDINGS[exchange.errorFormat](error, req, exchange);
  const { retryAfterSeconds } = error;
  return {
    status: error.status,
    headers: {
      ...error.headers,
      ...(exchange.errorFormat === 'problem' || error.retryable ? {} : { 'x-should-retry': 'false' }),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': Math.ceil(retryAfterSeconds) }),
      'content-type': contentType,
    },
    body: JSON.stringify(body),
  };
}

type Wording = (error: AppError, req: Request, exchange: Exchange) => [contentType: string, body: object];

const WORDINGS: Record<ErrorFormat, Wording> = {
  problem: (error, req, { requestId }) => ['application/problem+json', problemBody(error, req.path, requestId)],
  openai: (error) => ['application/json', openaiBody(error)],
  anthropic: (error, _req, { requestId }) => ['application/json', anthropicBody(error, requestId)],
};

function problemBody(error: AppError, instance: string, requestId: string): object {
  return {
    type: `tag:genaiplatform.io,2026:problem/${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: error.title ?? STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    instance,
    code: error.code,
    retryable: error.retryable,
    ...(error.errors.length === 0 ? {} : { errors: error.errors }),
    request_id: requestId,
  };
}

/** The shape of https://platform.openai.com/docs/guides/error-codes, which stock SDKs read. */
function openaiBody(error: AppError): object {
  const [first] = error.errors;
  return {
    error: {
      message: messageOf(error),
      type: OPENAI_TYPES.get(error.status) ?? (error.status >= 500 ? 'server_error' : 'invalid_request_error'),
      param: first === undefined ? null : first.pointer.slice(1).replaceAll('/', '.'),
      code: error.code.toLowerCase(),
    },
  };
}

/** The shape of https://docs.anthropic.com/en/api/errors. */
function anthropicBody(error: AppError, requestId: string): object {
  const type = ANTHROPIC_TYPES.get(error.status) ?? (error.status >= 500 ? 'api_error' : 'invalid_request_error');
  return { error: { type, message: messageOf(error) }, type: 'error', request_id: requestId };
}

function messageOf({ errors: [first], detail, title }: AppError): string {
  return first === undefined ? (detail ?? title ?? 'error') : `${first.pointer}: ${first.detail}`;
}

const ANTHROPIC_TYPES = new Map([
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [503, 'overloaded_error'],
]);

const OPENAI_TYPES = new Map([
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [429, 'rate_limit_error'],
]);

/** What a thrown value means to the caller. Only an AppError, or an HTTP error of the router, says more than "500". */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const status = (thrown as { status?: unknown } | null | undefined)?.status;
  if (thrown instanceof URIError || status === 400) {
    return new AppError('REQUEST_MALFORMED', { status: 400, detail: 'the address is malformed', cause: thrown });
  }
  return new AppError('INTERNAL', { status: 500, detail: 'something went wrong inside the service', cause: thrown });
}
