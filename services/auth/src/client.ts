import type { Request } from 'express';
import { contextOf, exchangeOf } from '@genai-platform/common';
import { networkOf } from './domain/network.ts';
import type { AuditOrigin } from './store/audit-log.ts';

/** Where a request came from. */
export interface Client {
  readonly address: string;
  readonly userAgent: string | undefined;
  readonly requestId: string;
  /** For the audit log, with the time of now. */
  origin(): AuditOrigin;
}

/**
 * The client of a request. `X-Forwarded-For` is the gateway's word: it replaces whatever the client wrote, and nobody
 * else reaches this service.
 */
export function clientOf(req: Request): Client {
  const forwarded = req.headers['x-forwarded-for'];
  const last = typeof forwarded === 'string' ? forwarded.split(',').at(-1)?.trim() : undefined;
  const address = last ?? req.socket.remoteAddress ?? 'unknown';
  const { requestId } = exchangeOf(req.res as NonNullable<Request['res']>);
  const { clock } = contextOf(req);
  const origin = (): AuditOrigin => ({ at: new Date(clock.now()), network: networkOf(address), requestId });
  return { address, userAgent: req.headers['user-agent'], requestId, origin };
}
