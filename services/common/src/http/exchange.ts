import type { Response } from 'express';
import type { Identity } from '../identity-token.ts';

/** How a route words its errors: RFC 9457, or as OpenAI's clients expect them. */
export type ErrorFormat = 'problem' | 'openai' | 'anthropic';

/** What is known of one request while it is answered. */
export interface Exchange {
  readonly requestId: string;
  readonly traceId: string;
  /** By `performance.now()`. */
  readonly startedAtMs: number;
  /** The pattern of the route that took the request, never the path itself: it becomes a metric's label. */
  route: string;
  quiet: boolean;
  errorFormat: ErrorFormat;
  identity: Identity | undefined;
  /** The code of the error that was answered, if one was. */
  errorCode: string | undefined;
}

const UNMATCHED = 'unmatched';

export function beginExchange(res: Response, requestId: string, traceId: string): Exchange {
  const exchange: Exchange = {
    requestId,
    traceId,
    startedAtMs: performance.now(),
    route: UNMATCHED,
    quiet: false,
    errorFormat: 'problem',
    identity: undefined,
    errorCode: undefined,
  };
  res.locals.exchange = exchange;
  return exchange;
}

/** The exchange that the entry of the service began for this reply. */
export function exchangeOf(res: Response): Exchange {
  return res.locals.exchange as Exchange;
}
