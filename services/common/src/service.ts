import express from 'express';
import type { Express, RequestHandler } from 'express';
import { livez, readyz } from './health.ts';
import type { ReadyCheck } from './health.ts';
import { entry } from './http/entry.ts';
import { exchangeOf } from './http/exchange.ts';
import { handle } from './http/handle.ts';
import type { IdempotencyStore } from './http/idempotency.ts';
import type { Route } from './http/route.ts';
import { answerUnmatched, noteMethods } from './http/unmatched.ts';
import { describeApi } from './openapi.ts';
import { answerErrors } from './problem.ts';
import type { ServiceContext } from './service-context.ts';
import { carryTraceContext } from './tracing.ts';

export interface ServiceOptions {
  readonly context: ServiceContext;
  /** Of the API's documentation; the service's name by default. */
  readonly title?: string;
  readonly description?: string;
  readonly routes: readonly (readonly Route[])[];
  /** What has to work for the service to be ready, by name. */
  readonly ready?: Readonly<Record<string, ReadyCheck>>;
  /** Keeps idempotency keys; without it the header `Idempotency-Key` means nothing. */
  readonly idempotency?: IdempotencyStore;
  /** Runs before every route and probe, after request id, headers and metrics. */
  readonly before?: readonly RequestHandler[];
  /** Takes what no route takes, before it becomes a 404 or 405. */
  readonly fallback?: RequestHandler;
  /** What `/openapi.json` answers; generated from the routes by default. */
  readonly openapi?: RequestHandler;
}

/** Builds the Express app of a service: everything that it does over HTTP. */
export function createService(options: ServiceOptions): Express {
  const { context, ready = {}, before = [], fallback } = options;
  const list = options.routes.flat();
  carryTraceContext();
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple').set('case sensitive routing', true);
  app.locals.context = context;
  app.use(entry(context), ...before);
  app.get('/livez', named('/livez'), livez());
  app.get('/readyz', named('/readyz'), readyz(context, ready));
  app.get('/metrics', named('/metrics'), metrics(context));
  app.get('/openapi.json', named('/openapi.json'), options.openapi ?? openapi(options, list));
  for (const route of list) app[route.method](route.path, handle(context, route, options.idempotency));
  if (fallback !== undefined) app.use(fallback);
  for (const [path, methods] of methodsByPath(list)) app.all(path, noteMethods(path, methods));
  app.use(answerUnmatched());
  app.use(answerErrors(context.log));
  return app;
}

const PROBES = ['/livez', '/readyz', '/metrics', '/openapi.json'];

function methodsByPath(list: readonly Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>(PROBES.map((path) => [path, ['get']]));
  for (const { path, method } of list) methods.set(path, [...(methods.get(path) ?? []), method]);
  return methods;
}

function named(path: string): RequestHandler {
  return (_req, res, next) => {
    exchangeOf(res).route = path;
    next();
  };
}

function metrics({ metrics: { registry } }: ServiceContext): RequestHandler {
  return async (_req, res) => {
    exchangeOf(res).quiet = true;
    res.setHeader('content-type', registry.contentType).end(await registry.metrics());
  };
}

/** The document never changes while the process lives: it is made once, when first asked for. */
function openapi(options: ServiceOptions, list: readonly Route[]): RequestHandler {
  const { context, title = context.name, description, idempotency } = options;
  let text: string | undefined;
  return (_req, res) => {
    text ??= JSON.stringify(
      describeApi({
        title,
        version: context.version,
        description,
        routes: list,
        idempotency: idempotency !== undefined,
      }),
    );
    res.setHeader('content-type', 'application/json').end(text);
  };
}
