import type { Request, Response } from 'express';
import type { Clock } from '../clock.ts';

import { contextOf } from '../service-context.ts';
import { renderError, toAppError } from './error-reply.ts';
import { exchangeOf } from './exchange.ts';
import { formatEvent } from './server-sent-event.ts';
import type { EventSource, EventStreamOptions, ServerSentEvent } from './server-sent-event.ts';

export const EVENT_STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies that buffer (nginx and its kin) would hold events back.
  'x-accel-buffering': 'no',
};

const HEARTBEAT_MS = 15_000;
/** A client that reads nothing for this long is taken for gone. */
const STALL_MS = 60_000;

/**
 * Sends events as they come, one at a time: a slow client slows the source down instead of filling memory. A source
 * that fails ends the stream with an event that says so, and then abnormally. When the process stops, the stream may go
 * on until the grace period is nearly over; then it ends and the client comes back elsewhere with its `Last-Event-ID`.
 */
export async function sendEvents(
  req: Request,
  res: Response,
  source: EventSource,
  options: EventStreamOptions,
): Promise<void> {
  const { clock, lifecycle, log } = contextOf(req);
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, lifecycle.streamsEnd]);
  res.flushHeaders();
  void heartbeat(res, clock, signal);
  try {
    await untilAborted(pump(res, source(resumePoint(req), signal), { clock, signal }), signal);
    if (!signal.aborted && options.format === 'openai') res.write('data: [DONE]\n\n');
    res.end();
  } catch (error) {
    if (signal.aborted) return void res.end();
    const failure = toAppError(error);
    exchangeOf(res).errorCode = failure.code;
    log.error({ error, request_id: exchangeOf(res).requestId }, 'an event stream broke');
    const { body = '' } = renderError(req, exchangeOf(res), failure);
    const data = Buffer.from(body).toString();
    res.write(formatEvent(options.format === 'openai' ? { data } : { event: 'error', data }), () => res.destroy());
  }
}

/** The id after which the client wants to go on: its `Last-Event-ID`, or `?starting_after`. */
export function resumePoint(req: Request): string | undefined {
  const given = req.headers['last-event-id'] ?? req.query.starting_after;
  return typeof given === 'string' && given !== '' ? given : undefined;
}

async function pump(
  res: Response,
  events: AsyncIterable<ServerSentEvent>,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  for await (const event of events) {
    if (signal.aborted) return;
    if (!res.write(formatEvent(event))) await drained(res, clock, signal);
  }
}

/** Resolves when `work` does, or as soon as the signal aborts: a source that does not listen must not hold the stream. */
function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    work.then(resolve, reject);
  });
}

async function drained(res: Response, clock: Clock, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const stalled = clock.sleep(STALL_MS, AbortSignal.any([done.signal, signal])).then(
    () => res.destroy(),
    () => undefined,
  );
  await Promise.race([new Promise((resolve) => res.once('drain', resolve)), stalled]);
  done.abort();
}

async function heartbeat(res: Response, clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await clock.sleep(HEARTBEAT_MS, signal);
      if (!res.writableNeedDrain) res.write(': heartbeat\n\n');
    }
  } catch {
    // The stream has ended.
  }
}
