import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { exchangeOf, outgoingTraceHeaders } from '@genai-platform/common';
import type { Identity, IdentitySigner } from '@genai-platform/common';
import type { Admission } from '../admission.ts';
import { upstreamHeaders } from '../domain/headers.ts';
import type { RouteTable, RoutedService } from '../domain/route-table.ts';
import type { Call, Forwarder } from './forwarder.ts';

export interface ProxyParts {
  readonly table: RouteTable;
  readonly admission: Admission;
  readonly signer: IdentitySigner;
  readonly forwarder: Forwarder;
}

/** Takes the requests to paths that a service owns: who asks is verified here, and vouched for to the service. */
export function proxyRequests(parts: ProxyParts): RequestHandler {
  return async (req, res, next) => {
    const target = parts.table.find(req.url);
    if (target === undefined) {
      next();
      return;
    }
    const exchange = exchangeOf(res);
    exchange.route = `${target.prefixes[0] ?? ''}/*`;
    const { identity, refusal, headers } = await parts.admission.admit(req);
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    // An old token on the way to sign in again is no reason to refuse it.
    if (refusal !== undefined && !parts.table.isPublic(req.url)) throw refusal;
    exchange.identity = identity;
    await parts.forwarder.forward(
      req,
      res,
      await callOf(parts, req, { target, identity, requestId: exchange.requestId }),
    );
  };
}

/** What is asked of a service on behalf of `identity`. */
export async function callOf(
  { admission, signer }: ProxyParts,
  req: IncomingMessage,
  request: { target: RoutedService; identity: Identity | undefined; requestId: string },
): Promise<Call> {
  const { service, url, public: open } = request.target;
  const headers = upstreamHeaders(req.headers, {
    token: request.identity && (await signer.token(service, request.identity)),
    requestId: request.requestId,
    clientAddress: admission.addressOf(req),
    protocol: 'encrypted' in req.socket ? 'https' : 'http',
    trace: outgoingTraceHeaders(),
  });
  // A service with paths that need no credential is the one that gives them out.
  return { service, url, headers, compress: open === undefined };
}
