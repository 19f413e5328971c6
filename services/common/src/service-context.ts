import type { Request } from 'express';
import type { Clock } from './clock.ts';
import type { Authenticator } from './http/authenticator.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** What every part of a service may need: its `createDeps` gets it, and passes it on inside its `Deps`. */
export interface ServiceContext {
  readonly name: string;
  readonly version: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  /** Tells who asks; verifies the platform's identity token unless the service brings its own. */
  readonly authenticate: Authenticator;
}

/** The context of the service that answers this request. */
export function contextOf(req: Request): ServiceContext {
  return req.app.locals.context as ServiceContext;
}
