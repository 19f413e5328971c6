import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { AppError } from './errors.ts';
import type { ErrorFormat, Exchange } from './http/exchange.ts';
import { exchangeOf } from './http/exchange.ts';
import { lingerForBody } from './http/linger.ts';
import type { RenderedReply } from './http/rendered-reply.ts';
import type { Logger } from './logger.ts';

/** The only place that turns errors into replies. */
export function answerErrors(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, req: Request, res: Response, _next: unknown) => {
    const exchange = exchangeOf(res);
    const error = toAppError(thrown);
    exchange.errorCode = error.code;
    if (error.status >= 500) log.error({ ...whatFailed(req, exchange), error: thrown }, 'request failed');
    if (res.headersSent || res.destroyed) {
      // A reply that has begun cannot be taken back: breaking it off is the only honest end.
      res.destroy();
      return;
    }
    sendError(req, res, error);
  };
}

/** Answers with an error: problem details (RFC 9457), or OpenAI's shape where the route says so. */
export function sendError(req: Request, res: Response, error: AppError): void {
  const exchange = exchangeOf(res);
  exchange.errorCode = error.code;
  const { status, headers, body = '' } = renderError(req, exchange, error);
  for (const name of ['content-type', 'content-encoding', 'etag', 'last-modified']) res.removeHeader(name);
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.setHeader('content-length', Buffer.byteLength(body));
  lingerForBody(req, res);
  res.end(body);
}

/** The reply that an error becomes. */
export function renderError(req: Request, exchange: Exchange, error: AppError): RenderedReply {
  const [contentType, body] = WORDINGS[exchange.errorFormat](error, req, exchange);
  const { retryAfterSeconds } = error;
  return {
    status: error.status,
    headers: {
      ...error.headers,
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
      message: first === undefined ? (error.detail ?? error.title ?? 'error') : `${first.pointer}: ${first.detail}`,
      type: OPENAI_TYPES.get(error.status) ?? (error.status >= 500 ? 'server_error' : 'invalid_request_error'),
      param: first === undefined ? null : first.pointer.slice(1).replaceAll('/', '.'),
      code: error.code.toLowerCase(),
    },
  };
}

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

function whatFailed(req: Request, exchange: Exchange): object {
  return { request_id: exchange.requestId, trace_id: exchange.traceId, method: req.method, route: exchange.route };
}
