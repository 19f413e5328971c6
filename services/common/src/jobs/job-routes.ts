import { z } from 'zod';
import { AppError } from '../errors.ts';
import { PageQuery, pageOf, pageReply } from '../http/pagination.ts';
import { events, reply, stream } from '../http/reply.ts';
import { get, post, routes } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { ServerSentEvent } from '../http/server-sent-event.ts';
import { Job, isEnded } from './job.ts';
import { found, toJob } from './job-row.ts';
import type { JobStore } from './job-store.ts';

export interface JobScopes {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
}

export interface JobRouteOptions {
  /** Where the routes are. */
  readonly path: string;
  readonly store: JobStore;
  readonly scopes: JobScopes;
  readonly cancel: (tenant: string, id: string) => Promise<Job>;
  /** Waits until something may have happened to a job. */
  readonly pause: (signal: AbortSignal) => Promise<void>;
}

const JobId = z.object({ id: z.string().regex(/^job_[0-9a-z]{26}$/, 'is no id of a job') });
const TERMINAL = new Set(['succeeded', 'failed', 'cancelled']);

/** The routes of jobs: list, get, events, output, cancel. */
export function jobRoutes(options: JobRouteOptions): Route[] {
  return routes(list(options), getOne(options), eventsOf(options), output(options), cancelOne(options));
}

function list({ path, store, scopes }: JobRouteOptions): Route {
  return get(
    path,
    { summary: 'List jobs, newest first', query: PageQuery, reply: pageOf(Job), scopes: scopes.read ?? [] },
    async ({ query, identity, req }) => {
      const rows = await store.list(identity.tenant, query);
      return pageReply(
        req,
        query,
        rows.map((row) => toJob(row, path)),
      );
    },
  );
}

function getOne({ path, store, scopes }: JobRouteOptions): Route {
  return get(
    `${path}/:id`,
    { summary: 'Get a job', params: JobId, reply: Job, scopes: scopes.read ?? [] },
    async ({ params, identity }) => {
      const job = toJob(found(await store.find(identity.tenant, params.id)), path);
      return reply(job, isEnded(job) ? {} : { headers: { 'retry-after': 1 } });
    },
  );
}

function eventsOf({ path, store, scopes, pause }: JobRouteOptions): Route {
  return get(
    `${path}/:id/events`,
    {
      summary: 'Follow a job',
      description: 'Ends with `succeeded`, `failed` or `cancelled`.',
      params: JobId,
      produces: ['text/event-stream'],
      scopes: scopes.read ?? [],
    },
    async ({ params, identity }) => {
      found(await store.find(identity.tenant, params.id));
      return events((after, signal) => follow(store, params.id, after, { pause, signal }));
    },
  );
}

function output({ path, store, scopes }: JobRouteOptions): Route {
  return get(
    `${path}/:id/output`,
    {
      summary: 'Get the file that a job has made',
      params: JobId,
      produces: ['application/octet-stream'],
      scopes: scopes.read ?? [],
    },
    async ({ params, identity }) => {
      const job = found(await store.find(identity.tenant, params.id));
      const file = await store.output(identity.tenant, params.id);
      if (file !== undefined) return stream(file.bytes, file.contentType);
      const detail = isEnded(job) ? 'this job has made no file' : 'this job has not ended yet';
      throw new AppError('JOB_OUTPUT_MISSING', { status: 404, detail, retryable: !isEnded(job) });
    },
  );
}

function cancelOne({ path, scopes, cancel }: JobRouteOptions): Route {
  return post(
    `${path}/:id/cancel`,
    {
      summary: 'Cancel a job',
      description: 'A job that has ended stays as it is.',
      params: JobId,
      reply: Job,
      scopes: scopes.write ?? [],
      idempotencyKey: 'none',
    },
    async ({ params, identity }) => await cancel(identity.tenant, params.id),
  );
}

/** The events of a job after the one of sequence number `after`, until it has ended. */
async function* follow(
  store: JobStore,
  id: string,
  after: string | undefined,
  { pause, signal }: { pause: (signal: AbortSignal) => Promise<void>; signal: AbortSignal },
): AsyncGenerator<ServerSentEvent, void, void> {
  let position = /^\d{1,9}$/.test(after ?? '') ? Number(after) : 0;
  while (!signal.aborted) {
    // Asked before the events are read: the last one of a job that ends in between is not missed.
    const open = await store.isOpen(id);
    const news = await store.eventsAfter(id, position);
    for (const { sequence, event, data } of news) {
      yield { id: sequence, event, data };
      position = sequence;
    }
    if (TERMINAL.has(news.at(-1)?.event ?? '')) return;
    if (news.length > 0) continue;
    // A client that resumes after the end, or whose job has expired, gets nothing more.
    if (!open) return;
    await pause(signal);
  }
}
