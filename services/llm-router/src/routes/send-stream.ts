import type { ServerResponse } from 'node:http';
import { AppError, EVENT_STREAM_HEADERS, exchangeOf, renderError, toAppError } from '@genai-platform/common';
import type { RouteRequest, RouteSpec } from '@genai-platform/common';
import { ProviderError } from '../providers/provider-error.ts';
import type { RoutedStream } from '../routing/asked.ts';
import { explained } from './exchange.ts';
import type { StreamFormat } from './stream-format.ts';

const HEARTBEAT_MS = 15_000;
/** A client that reads nothing for this long is taken for gone. */
const STALL_MS = 60_000;

/**
 * Sends the events as they come; a slow client slows the provider down instead of filling memory. A stream that breaks
 * off ends with an event that says so, and then abnormally: never as if it were complete.
 */
export async function sendStream<C extends object>(
  request: Pick<RouteRequest<RouteSpec>, 'req' | 'res' | 'log'>,
  routed: RoutedStream<C>,
  format: StreamFormat<C>,
): Promise<void> {
  const { req, res } = request;
  res.writeHead(200, { ...EVENT_STREAM_HEADERS, ...explained(routed.decision) });
  try {
    await writeBatches(res, routed, format);
    routed.finish();
    res.end(await format.end());
  } catch (error) {
    routed.finish(error);
    if (res.destroyed) return;
    const failure = brokenOff(error);
    exchangeOf(res).errorCode = failure.code;
    request.log.warn({ target: routed.decision.target, reason: routed.decision.broken_by }, 'a stream broke off');
    const { body = '' } = renderError(req, exchangeOf(res), failure);
    res.write(format.failure(Buffer.from(body).toString()), () => res.destroy());
  }
}

/** What a client is told of a stream that could not go on. */
export function brokenOff(error: unknown): AppError {
  if (!(error instanceof ProviderError)) return toAppError(error);
  const detail = `the stream broke off: ${error.message}`;
  return new AppError('LLM_STREAM_BROKEN', { status: 502, detail, cause: error });
}

async function writeBatches<C extends object>(
  res: ServerResponse,
  routed: RoutedStream<C>,
  format: StreamFormat<C>,
): Promise<void> {
  const heartbeat = setInterval(() => {
    if (!res.writableNeedDrain) res.write(': heartbeat\n\n');
  }, HEARTBEAT_MS);
  try {
    for await (const batch of routed.batches()) {
      const text = format.batch(batch);
      if (text === '') continue;
      heartbeat.refresh();
      if (!res.write(text)) await drained(res);
    }
  } finally {
    clearInterval(heartbeat);
  }
}

/** Resolves when there is room again, or the connection has closed: the request's signal tells the rest then. */
function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => res.destroy(), STALL_MS);
    const done = (): void => {
      clearTimeout(timer);
      res.off('drain', done).off('close', done);
      resolve();
    };
    res.once('drain', done).once('close', done);
  });
}
