import { z } from 'zod';
import { post, routes } from './http/route.ts';
import type { Route } from './http/route.ts';

/** A person whose data are to go. */
export interface ErasedUser {
  readonly tenant: string;
  readonly subject: string;
}

/** Erases one kind of data, and returns how many records went. Must be safe to run again. */
export type Eraser = (user: ErasedUser, signal: AbortSignal) => Promise<number>;

/** Outside of every prefix that the gateway passes on: nobody but a part of the platform gets here. */
export const ERASURE_PATH = '/internal/erasure';

const Request = z.object({ tenant: z.string().min(1).max(256), subject: z.string().min(1).max(256) });
const Reply = z.object({
  object: z.literal('erasure'),
  records: z.record(z.string(), z.number().int()).describe('How many records of each kind went'),
});

/**
 * The operation by which a service erases everything that it holds of a user. Every service with data has it, and the
 * auth service calls all of them: `routes: [..., erasureRoutes({ jobs: eraseJobs(database) })]`.
 */
export const erasureRoutes = (erasers: Readonly<Record<string, Eraser>>): Route[] =>
  routes(
    post(
      ERASURE_PATH,
      {
        summary: 'Erase everything that is held of a user (inside the platform only)',
        body: Request,
        reply: Reply,
        scopes: ['platform:erase'],
        idempotencyKey: 'none',
      },
      async ({ body, signal }) => {
        const records: Record<string, number> = {};
        for (const [kind, erase] of Object.entries(erasers)) records[kind] = await erase(body, signal);
        return { object: 'erasure' as const, records };
      },
    ),
  );
