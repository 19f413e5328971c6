import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors.ts';
import { EmptyReply } from './reply.ts';

/**
 * The entity tag of a version of a resource: of its version number, or of its content.
 *
 * @param version a number or text that changes with every change, or any JSON value to take the digest of
 */
export function etagOf(version: number | string | object): string {
  if (typeof version !== 'object') return `"${version}"`;
  return `"${createHash('sha256').update(JSON.stringify(version)).digest('base64url').slice(0, 22)}"`;
}

/**
 * Checks that the client changes the version that it has seen (`If-Match`, RFC 9110 section 13.1.1). To be called
 * with the current version, inside the transaction that changes it.
 *
 * @throws AppError 412 when another version is current; 428 when the header is missing and `required`
 */
export function requireMatch(req: IncomingMessage, etag: string, options: { required?: boolean } = {}): void {
  const wanted = req.headers['if-match'];
  if (wanted === undefined) {
    if (options.required !== true) return;
    throw new AppError('PRECONDITION_REQUIRED', { status: 428, detail: 'the header If-Match is needed' });
  }
  const tags = parseTags(wanted);
  // A weak tag never matches here: it does not promise the same bytes.
  if (tags.includes('*') || tags.includes(etag)) return;
  throw new AppError('PRECONDITION_FAILED', {
    status: 412,
    detail: 'somebody else has changed this since you have read it',
    headers: { etag },
  });
}

/** The 304 of a client that has this version already. */
export function unmodified(etag: string): EmptyReply {
  return new EmptyReply({ status: 304, headers: { etag } });
}

/** Whether a successful GET with this entity tag is what the client has already (`If-None-Match`, weak comparison). */
export function isUnmodified(req: IncomingMessage, status: number, etag: unknown): boolean {
  const known = req.headers['if-none-match'];
  if (known === undefined || status !== 200 || typeof etag !== 'string') return false;
  if (req.method !== 'GET' && req.method !== 'HEAD') return false;
  const tags = parseTags(known).map(withoutWeakness);
  return tags.includes('*') || tags.includes(withoutWeakness(etag));
}

function parseTags(header: string): string[] {
  return header.match(/(?:W\/)?"[^"]*"|\*/g) ?? [];
}

function withoutWeakness(etag: string): string {
  return etag.startsWith('W/') ? etag.slice(2) : etag;
}
