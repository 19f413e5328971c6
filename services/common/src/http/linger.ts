import type { IncomingMessage, ServerResponse } from 'node:http';

const LINGER_MS = 2_000;
const LINGER_BYTES = 16 * 1024 * 1024;

/**
 * Lets a client that is still sending a refused body read the reply: what it sends is thrown away for a moment.
 * Closing at once would reset the connection and the client would never see why; reading to the end would let it
 * send for ever.
 */
export function lingerForBody(req: IncomingMessage, res: ServerResponse): void {
  if (req.complete || req.destroyed) return;
  const cut = (): void => {
    req.socket.destroy();
  };
  let bytes = 0;
  req.unpipe();
  req.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES) cut();
  });
  res.once('finish', () => {
    if (req.complete) return;
    const timer = setTimeout(cut, LINGER_MS).unref();
    req.once('close', () => clearTimeout(timer));
  });
}
