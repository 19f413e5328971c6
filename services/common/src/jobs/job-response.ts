import type { Request } from 'express';
import { AppError } from '../errors.ts';
import type { AppErrorOptions } from '../errors.ts';
import { parsePrefer } from '../http/prefer.ts';
import type { Preference } from '../http/prefer.ts';
import { reply } from '../http/reply.ts';
import type { Reply } from '../http/reply.ts';
import { isEnded } from './job.ts';
import type { Job, JobProblem } from './job.ts';
import type { Jobs } from './jobs.ts';

export interface JobResponseOptions {
  readonly req: Request;
  readonly signal: AbortSignal;
  readonly tenant: string;
  /** How long a client without a preference waits; 0 answers at once. */
  readonly waitSeconds?: number;
}

/**
 * Answers for a job that was just added, as the client prefers (RFC 7240): `respond-async` gets a 202 with `Location` at
 * once, `wait=n` the ended job if it ends in time. The route documents the job as reply of status 200 and 202.
 *
 * @throws AppError the problem of a job that failed while the client was waiting
 */
export async function jobResponse(jobs: Jobs, job: Job, options: JobResponseOptions): Promise<Reply<Job>> {
  const preference = parsePrefer(options.req.headers.prefer);
  const seconds = preference.waitSeconds ?? (preference.respondAsync ? 0 : (options.waitSeconds ?? 0));
  const now = seconds === 0 ? job : await jobs.wait(options.tenant, job.id, seconds * 1_000, options.signal);
  if (now.status === 'failed' && now.error !== null) throw toError(now.error);
  const headers = { location: `${jobs.path}/${job.id}`, ...applied(preference, isEnded(now)) };
  if (isEnded(now)) return reply(now, { status: 200, headers });
  return reply(now, { status: 202, headers: { ...headers, 'retry-after': 1 } });
}

function applied({ respondAsync, waitSeconds }: Preference, ended: boolean): Record<string, string> {
  const preferences = [
    ...(respondAsync && !ended ? ['respond-async'] : []),
    ...(waitSeconds === undefined ? [] : [`wait=${waitSeconds}`]),
  ];
  return preferences.length === 0 ? {} : { 'preference-applied': preferences.join(', ') };
}

function toError({ code, ...problem }: JobProblem): AppError {
  return new AppError(code, problem as AppErrorOptions);
}
