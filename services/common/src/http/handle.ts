import type { Request, RequestHandler, Response } from 'express';
import type { Identity } from '../identity-token.ts';
import type { ServiceContext } from '../service-context.ts';
import { requireScopes } from './authenticator.ts';
import { exchangeOf } from './exchange.ts';
import { Fingerprint } from './fingerprint.ts';
import { idempotencyScope } from './idempotency.ts';
import type { IdempotencyScope, IdempotencyStore } from './idempotency.ts';
import { answerOnce } from './idempotent-route.ts';
import { IncomingRequest } from './incoming-request.ts';
import { renderReply, writeReply } from './render-reply.ts';
import type { RenderedReply } from './rendered-reply.ts';
import { acceptedTypes, readRequestBody } from './request-body.ts';
import type { Route, RouteRequest, RouteSpec } from './route.ts';
import { validate } from './validate.ts';

/** Makes an Express handler of a route: identity, scopes, schemas, idempotency key, handler, reply. */
export function handle(service: ServiceContext, route: Route, store?: IdempotencyStore): RequestHandler {
  const { spec, handler, path } = route;
  const accepted = acceptedTypes(spec);
  const description = { schema: spec.reply, status: spec.status ?? 200 };
  return async (req, res) => {
    const exchange = exchangeOf(res);
    exchange.route = path;
    exchange.errorFormat = spec.errorFormat ?? 'problem';
    exchange.identity = await identify(service, spec, req);
    const scope = store === undefined ? undefined : scopeOf(route, req, exchange.identity);
    const request = new IncomingRequest(service.log, req, res);
    readParameters(request, spec, req);
    const fingerprint = scope === undefined ? undefined : new Fingerprint(req);
    if (accepted.length > 0) Object.assign(request, await readRequestBody(req, { spec, accepted, fingerprint }));
    const run = async (): Promise<RenderedReply | undefined> =>
      renderReply(await handler(request as unknown as RouteRequest<RouteSpec>), description);
    const reply =
      store === undefined || scope === undefined || fingerprint === undefined
        ? await run()
        : await answerOnce({ store, scope, fingerprint, request, description, run });
    if (reply !== undefined && !gone(res)) await writeReply(req, res, reply);
  };
}

async function identify(service: ServiceContext, spec: RouteSpec, req: Request): Promise<Identity | undefined> {
  if (spec.public === true && req.headers.authorization === undefined) return undefined;
  const identity = await service.authenticate(req);
  if (spec.scopes !== undefined) requireScopes(identity, spec.scopes);
  return identity;
}

function readParameters(request: IncomingRequest, spec: RouteSpec, req: Request): void {
  request.params = spec.params === undefined ? req.params : validate(spec.params, req.params, 'path');
  request.query = spec.query === undefined ? {} : validate(spec.query, req.query, 'query');
  request.headers = spec.headers === undefined ? {} : validate(spec.headers, req.headers, 'header');
}

/** A key of nobody in particular is ignored: it would share replies between strangers. */
function scopeOf({ method, spec }: Route, req: Request, identity: Identity | undefined): IdempotencyScope | undefined {
  if (method !== 'post' || spec.idempotencyKey === 'none' || identity === undefined) return undefined;
  return idempotencyScope(req, identity, spec.idempotencyKey === 'required');
}

/** A client that has gone gets no reply; one that a handler has already answered gets no second one. */
function gone(res: Response): boolean {
  return res.destroyed || res.writableEnded;
}
