import type { RequestHandler } from 'express';
import { AppError } from '../errors.ts';
import { exchangeOf } from './exchange.ts';

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
