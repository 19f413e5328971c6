import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { clientHeaders } from '../domain/headers.ts';
import { codingOf, compressor } from './compression.ts';
import type { Coding } from './compression.ts';

export interface RelayOptions {
  /** Aborts when event streams have to end. */
  readonly streamsEnd: AbortSignal;
  readonly compress?: boolean | undefined;
}

/**
 * Passes a service's reply on to the client. A reply that the service breaks off is broken off towards the client too: a
 * clean end would pass a part for the whole. Only an event stream ends cleanly when the gateway stops: its client comes
 * back with the number of the last event.
 */
export function relayReply(
  upstream: IncomingMessage,
  res: ServerResponse,
  { streamsEnd, compress = true }: RelayOptions,
): Promise<void> {
  const { statusCode: status = 502, headers } = upstream;
  const accepted = res.req.method === 'HEAD' || !compress ? '' : res.req.headers['accept-encoding'];
  const coding = codingOf(accepted, status, headers);
  return new Promise((resolve) => {
    for (const [name, value] of Object.entries(clientHeaders(upstream.headers))) res.setHeader(name, value);
    if (coding !== undefined) announce(res, coding);
    res.writeHead(status);
    const end = (): void => {
      upstream.unpipe(res);
      res.end(() => upstream.destroy());
    };
    if (isEventStream(upstream)) {
      // The first event may be long in coming; the client has to see at once that the stream is open.
      res.flushHeaders();
      streamsEnd.addEventListener('abort', end, { once: true });
    }
    const onEnd = (error?: unknown): void => {
      streamsEnd.removeEventListener('abort', end);
      if (error) res.destroy();
      resolve();
    };
    if (coding === undefined) passOn(upstream, res, onEnd);
    else pipeline(upstream, compressor(coding, Number(headers['content-length'])), res, onEnd);
  });
}

/** What `pipeline` does of two streams, at a fraction of its cost: either side that breaks off takes the other with it. */
function passOn(upstream: IncomingMessage, res: ServerResponse, onEnd: () => void): void {
  upstream.once('error', () => {
    if (!res.writableEnded) res.destroy();
  });
  res.once('close', () => {
    if (!upstream.complete) upstream.destroy();
    onEnd();
  });
  upstream.pipe(res);
}

/** Other bytes than the service's: another length, and no more than a weak tag (RFC 9110 section 8.8.3). */
function announce(res: ServerResponse, coding: Coding): void {
  const etag = res.getHeader('etag');
  if (typeof etag === 'string' && !etag.startsWith('W/')) res.setHeader('etag', `W/${etag}`);
  res.removeHeader('content-length');
  res.setHeader('content-encoding', coding);
  res.appendHeader('vary', 'accept-encoding');
}

function isEventStream({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.startsWith('text/event-stream') ?? false;
}
