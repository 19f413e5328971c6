import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { clientHeaders } from '../domain/headers.ts';

/**
 * Passes a service's reply on to the client. A reply that the service breaks off is broken off towards the client too: a
 * clean end would pass a part for the whole. Only an event stream ends cleanly when the gateway stops: its client comes
 * back with the number of the last event.
 */
export function relayReply(upstream: IncomingMessage, res: ServerResponse, streamsEnd: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    for (const [name, value] of Object.entries(clientHeaders(upstream.headers))) res.setHeader(name, value);
    res.writeHead(upstream.statusCode ?? 502);
    const end = (): void => {
      upstream.unpipe(res);
      res.end(() => upstream.destroy());
    };
    if (isEventStream(upstream)) {
      // The first event may be long in coming; the client has to see at once that the stream is open.
      res.flushHeaders();
      streamsEnd.addEventListener('abort', end, { once: true });
    }
    pipeline(upstream, res, (error) => {
      streamsEnd.removeEventListener('abort', end);
      if (error) res.destroy();
      resolve();
    });
  });
}

function isEventStream({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.startsWith('text/event-stream') ?? false;
}
