import type { RequestHandler } from 'express';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
/** Reply headers that scripts of other origins may read. */
const EXPOSED = 'etag, link, location, ratelimit, ratelimit-policy, retry-after, x-request-id, idempotency-replayed';
const PREFLIGHT_SECONDS = 600;

/**
 * Lets scripts of web pages from the given origins call (https://fetch.spec.whatwg.org/#http-cors-protocol). Credentials
 * are headers that the script sets, never cookies, so `*` is safe to allow.
 */
export function cors(origins: readonly string[]): RequestHandler {
  const any = origins.includes('*');
  return (req, res, next) => {
    const origin = req.headers.origin;
    if (origin === undefined || origins.length === 0) {
      next();
      return;
    }
    res.vary('origin');
    if (any || origins.includes(origin)) {
      res.setHeader('access-control-allow-origin', any ? '*' : origin);
      res.setHeader('access-control-expose-headers', EXPOSED);
    }
    if (req.method !== 'OPTIONS' || req.headers['access-control-request-method'] === undefined) {
      next();
      return;
    }
    res.setHeader('access-control-allow-methods', METHODS);
    res.setHeader('access-control-allow-headers', req.headers['access-control-request-headers'] ?? '*');
    res.setHeader('access-control-max-age', PREFLIGHT_SECONDS);
    res.status(204).end();
  };
}
