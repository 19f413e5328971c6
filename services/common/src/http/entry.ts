import { randomUUID } from 'node:crypto';
import { SpanKind, SpanStatusCode, context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import type { Request, RequestHandler, Response } from 'express';
import type { ServiceContext } from '../service-context.ts';
import { beginExchange } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { securityHeaders } from './security-headers.ts';
import { createServerMetrics } from './server-metrics.ts';
import { incomingContext, requestContext, unrecordedSpan } from './trace-context.ts';

const REQUEST_ID = /^[\w.:-]{1,128}$/;

/**
 * The first thing a request meets: request id and trace context in and out, security headers, metrics, access log.
 * One function instead of a chain, because every request pays for it.
 */
export function entry(service: ServiceContext): RequestHandler {
  const headers = [...securityHeaders()];
  const metrics = createServerMetrics(service.metrics);
  const tracer = trace.getTracer('@genai-platform/common');
  return (req, res, next) => {
    const parent = incomingContext(req.headers.traceparent as string | undefined, tracestate(req));
    let span = tracer.startSpan(req.method, { kind: SpanKind.SERVER }, parent);
    if (!isSpanContextValid(span.spanContext())) span = trace.wrapSpanContext(unrecordedSpan());
    const exchange = beginExchange(res, requestId(req), span.spanContext().traceId);
    for (const [name, value] of headers) res.setHeader(name, value);
    res.setHeader('x-request-id', exchange.requestId);
    if (service.lifecycle.draining) res.setHeader('connection', 'close');
    metrics.begin();
    res.once('close', () => {
      const ms = performance.now() - exchange.startedAtMs;
      metrics.end(req.method, exchange.route, statusOf(res), ms / 1_000);
      endSpan(span, req, res, exchange);
      logAccess(service, req, res, ms);
    });
    context.with(requestContext(parent, span, exchange.requestId), next);
  };
}

/** A client that went before there was a reply: as nginx calls it. */
const CLIENT_CLOSED_REQUEST = 499;

function statusOf(res: Response): number {
  return res.headersSent ? res.statusCode : CLIENT_CLOSED_REQUEST;
}

function requestId(req: Request): string {
  const given = req.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

function tracestate(req: Request): string | undefined {
  const given = req.headers.tracestate;
  return Array.isArray(given) ? given.join(',') : given;
}

function endSpan(span: Span, req: Request, res: Response, exchange: Exchange): void {
  if (span.isRecording()) {
    span.updateName(`${req.method} ${exchange.route}`);
    span.setAttributes({
      'http.request.method': req.method,
      'http.route': exchange.route,
      'http.response.status_code': statusOf(res),
      'genai.request_id': exchange.requestId,
    });
    if (res.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

function logAccess(service: ServiceContext, req: Request, res: Response, ms: number): void {
  const { route, quiet, requestId: id, traceId, identity, errorCode } = res.locals.exchange as Exchange;
  const level = quiet ? 'debug' : 'info';
  if (!service.log.isLevelEnabled(level)) return;
  service.log[level](
    {
      request_id: id,
      trace_id: traceId,
      method: req.method,
      route,
      status: statusOf(res),
      duration_ms: Math.round(ms * 100) / 100,
      ...(res.writableFinished ? {} : { aborted: true }),
      ...(errorCode === undefined ? {} : { code: errorCode }),
      ...(identity === undefined ? {} : { tenant: identity.tenant }),
      pii: { path: req.path, address: req.socket.remoteAddress, subject: identity?.subject },
    },
    'request answered',
  );
}
