import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Identity } from '../identity-token.ts';
import type { ServiceContext } from '../service-context.ts';
import { requireScopes } from './authenticator.ts';
import { acceptedTypes, readRequestBody } from './request-body.ts';
import type { RequestBody } from './request-body.ts';
import { IncomingRequest } from './incoming-request.ts';
import { exchangeOf } from './exchange.ts';
import type { Route, RouteRequest, RouteSpec } from './route.ts';
import { sendReply } from './send-reply.ts';
import { validate } from './validate.ts';

/** Makes an Express handler of a route: identity, scopes, schemas, handler, reply. */
export function handle(service: ServiceContext, route: Route): RequestHandler {
  const { spec, handler, path } = route;
  const accepted = acceptedTypes(spec);
  return async (req, res) => {
    const exchange = exchangeOf(res);
    exchange.route = path;
    exchange.errorFormat = spec.errorFormat ?? 'problem';
    exchange.identity = await identify(service, spec, req);
    const request = new IncomingRequest(service.log, req, res);
    request.params = part(spec.params, req.params, 'path');
    request.query = spec.query === undefined ? {} : validate(spec.query, req.query, 'query');
    request.headers = spec.headers === undefined ? {} : validate(spec.headers, req.headers, 'header');
    Object.assign(request, await bodyOf(req, spec, accepted));
    const result = await handler(request as unknown as RouteRequest<RouteSpec>);
    if (gone(res)) return;
    await sendReply(res, result, spec.reply, spec.status ?? 200);
  };
}

async function identify(service: ServiceContext, spec: RouteSpec, req: Request): Promise<Identity | undefined> {
  if (spec.public === true && req.headers.authorization === undefined) return undefined;
  const identity = await service.authenticate(req);
  if (spec.scopes !== undefined) requireScopes(identity, spec.scopes);
  return identity;
}

function part(schema: z.ZodType | undefined, value: unknown, name: 'path'): unknown {
  return schema === undefined ? value : validate(schema, value, name);
}

const NOTHING: RequestBody = {};

async function bodyOf(req: Request, spec: RouteSpec, accepted: readonly string[]): Promise<RequestBody> {
  return accepted.length === 0 ? NOTHING : await readRequestBody(req, spec, accepted);
}

/** A client that has gone gets no reply; one that a handler has already answered gets no second one. */
function gone(res: Response): boolean {
  return res.destroyed || res.writableEnded;
}

/** The 404 of an address that nothing answers, or the 405 of a method that nothing there answers (RFC 9110). */
export function answerUnmatched(): RequestHandler {
  return (req, res) => {
    const allowed = res.locals.allowedMethods as Set<string> | undefined;
    if (allowed === undefined) {
      throw new AppError('ROUTE_UNKNOWN', { status: 404, detail: 'there is nothing at this address' });
    }
    const allow = [...allowed].sort().join(', ');
    if (req.method === 'OPTIONS') {
      res.setHeader('allow', allow).status(204).end();
      return;
    }
    throw new AppError('METHOD_NOT_ALLOWED', {
      status: 405,
      detail: `this address takes ${allow}`,
      headers: { allow },
    });
  };
}

/** Notes which methods a path takes, for the 405 of those that it does not take. */
export function noteMethods(path: string, methods: readonly string[]): RequestHandler {
  const names = methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
  return (_req, res, next) => {
    exchangeOf(res).route = path;
    const allowed = (res.locals.allowedMethods ??= new Set<string>(['OPTIONS'])) as Set<string>;
    for (const name of names) allowed.add(name);
    next();
  };
}
