import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { clientHeaders } from '../domain/headers.ts';

/**
 * Passes a service's reply on to the client. A reply that the service breaks off is broken off towards the client too: a
 * clean end would pass a part for the whole.
 */
export function relayReply(upstream: IncomingMessage, res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    for (const [name, value] of Object.entries(clientHeaders(upstream.headers))) res.setHeader(name, value);
    res.writeHead(upstream.statusCode ?? 502);
    // The first event may be long in coming; the client has to see at once that the stream is open.
    if (isEventStream(upstream)) res.flushHeaders();
    pipeline(upstream, res, (error) => {
      if (error) res.destroy();
      resolve();
    });
  });
}

function isEventStream({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.startsWith('text/event-stream') ?? false;
}
