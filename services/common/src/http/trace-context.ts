import { randomBytes } from 'node:crypto';
import {
  ROOT_CONTEXT,
  TraceFlags,
  context,
  createContextKey,
  createTraceState,
  isSpanContextValid,
  trace,
} from '@opentelemetry/api';
import type { Context, Span, SpanContext } from '@opentelemetry/api';

const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/;
const MAX_TRACESTATE = 512;
const REQUEST_ID = createContextKey('genai.request_id');

/**
 * The context of an incoming request: the caller's trace (W3C Trace Context), or a new, unsampled one, so that logs
 * and further calls share an id even where no spans are recorded.
 */
export function incomingContext(traceparent: string | undefined, tracestate: string | undefined): Context {
  const caller = traceparent === undefined ? undefined : parseTraceparent(traceparent, tracestate);
  return caller === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, caller);
}

/** Reads a `traceparent`; undefined when it is not valid by the specification. */
export function parseTraceparent(traceparent: string, tracestate?: string): SpanContext | undefined {
  const match = TRACEPARENT.exec(traceparent);
  if (match === null || match[1] === 'ff' || (match[1] === '00' && traceparent.length !== 55)) return undefined;
  const span: SpanContext = {
    traceId: match[2] as string,
    spanId: match[3] as string,
    traceFlags: Number.parseInt(match[4] as string, 16) & TraceFlags.SAMPLED,
    isRemote: true,
    ...(tracestate === undefined || tracestate.length > MAX_TRACESTATE
      ? {}
      : { traceState: createTraceState(tracestate) }),
  };
  return isSpanContextValid(span) ? span : undefined;
}

const SPAN_BYTES = 24;
const BATCH = 128;
let random = '';
let used = 0;

/** A span context for a process that records none. Its random ids are drawn many at once: drawing costs more than all else here. */
export function unrecordedSpan(): SpanContext {
  if (used === random.length) {
    random = randomBytes(SPAN_BYTES * BATCH).toString('hex');
    used = 0;
  }
  const at = used;
  used += SPAN_BYTES * 2;
  return { traceId: random.slice(at, at + 32), spanId: random.slice(at + 32, used), traceFlags: TraceFlags.NONE };
}

/** What a call made while answering carries on: the trace, and the request's id. Nothing outside of a request. */
export function outgoingHeaders(active: Context = context.active()): Record<string, string> {
  const requestId = active.getValue(REQUEST_ID) as string | undefined;
  return { ...outgoingTraceHeaders(active), ...(requestId === undefined ? {} : { 'x-request-id': requestId }) };
}

/** The context in which a request is answered. */
export function requestContext(parent: Context, span: Span, requestId: string): Context {
  return trace.setSpan(parent, span).setValue(REQUEST_ID, requestId);
}

/** The headers that carry the active trace on to another service; none outside of a request. */
export function outgoingTraceHeaders(active: Context = context.active()): Record<string, string> {
  const span = trace.getSpanContext(active);
  if (span === undefined || !isSpanContextValid(span)) return {};
  const flags = (span.traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01';
  const tracestate = span.traceState?.serialize();
  return {
    traceparent: `00-${span.traceId}-${span.spanId}-${flags}`,
    ...(tracestate === undefined || tracestate === '' ? {} : { tracestate }),
  };
}
