import type { ErrorRequestHandler, Request, Response } from 'express';
import type { AppError } from './errors.ts';
import { isClientGone } from './http/client-gone.ts';
import { renderError, toAppError } from './http/error-reply.ts';
import type { Exchange } from './http/exchange.ts';
import { exchangeOf } from './http/exchange.ts';
import { lingerForBody } from './http/linger.ts';
import type { Logger } from './logger.ts';

/** The only place that turns errors into replies. */
export function answerErrors(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, req: Request, res: Response, _next: unknown) => {
    const exchange = exchangeOf(res);
    if (res.closed && isClientGone(thrown)) {
      exchange.errorCode = 'CLIENT_GONE';
      return;
    }
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

function whatFailed(req: Request, exchange: Exchange): object {
  return { request_id: exchange.requestId, trace_id: exchange.traceId, method: req.method, route: exchange.route };
}
