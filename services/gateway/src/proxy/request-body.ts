import type { IncomingMessage } from 'node:http';

/** A request has a body if it says how long it is, or that it is chunked (RFC 9112 section 6). */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
