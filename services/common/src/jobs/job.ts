import { z } from 'zod';
import type { Logger } from '../logger.ts';
import type { WebhookTarget } from './webhook.ts';

export const JobStatus = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);
export type JobStatus = z.output<typeof JobStatus>;

/** Why a job has failed: the members of a problem (RFC 9457) that make sense without a request. */
export const JobProblem = z.object({
  status: z.number().int(),
  code: z.string(),
  title: z.string().optional(),
  detail: z.string().optional(),
});
export type JobProblem = z.output<typeof JobProblem>;

/** A job, as the API shows it. */
export const Job = z
  .object({
    id: z.string(),
    object: z.literal('job'),
    kind: z.string(),
    status: JobStatus,
    progress: z.number().min(0).max(1),
    created_at: z.iso.datetime(),
    started_at: z.iso.datetime().nullable(),
    finished_at: z.iso.datetime().nullable(),
    expires_at: z.iso.datetime().nullable().describe('When the job and its result are removed'),
    result: z.unknown().describe('Of a job that succeeded, unless it is a file'),
    output_url: z.string().nullable().describe('Where the file is, of a job that made one'),
    error: JobProblem.nullable().describe('Of a job that failed'),
  })
  .meta({ id: 'Job', description: 'A long piece of work' });
export type Job = z.output<typeof Job>;

/** What to do. */
export interface NewJob {
  readonly kind: string;
  /** Has to pass the kind's schema. */
  readonly input: unknown;
  /** A file to work on. */
  readonly payload?: Uint8Array;
  /** Whom to tell when it is done. */
  readonly webhook?: WebhookTarget | undefined;
}

/** A file that a job has made. */
export class JobOutput {
  readonly bytes: Uint8Array;
  readonly contentType: string;

  constructor(bytes: Uint8Array, contentType: string) {
    this.bytes = bytes;
    this.contentType = contentType;
  }
}

/** One attempt at a job. */
export interface JobRun<I> {
  readonly id: string;
  readonly input: I;
  readonly payload: Buffer | undefined;
  readonly identity: { readonly tenant: string; readonly subject: string };
  /** Counts from 1: an earlier one may have died at any point. */
  readonly attempt: number;
  /** Aborts when the job is cancelled, or this process stops or has lost the job. */
  readonly signal: AbortSignal;
  /** Tells how far the work is, from 0 to 1. May be called often. */
  readonly progress: (fraction: number) => void;
  readonly log: Logger;
}

/** How jobs of one kind are done. What `run` throws decides: a retryable AppError is tried again, others are final. */
export interface JobKind<S extends z.ZodType = z.ZodType> {
  readonly input: S;
  readonly run: (job: JobRun<z.output<S>>) => Promise<unknown>;
}

/** `kind(schema, run)` keeps the type of the input. */
export function jobKind<S extends z.ZodType>(input: S, run: JobKind<S>['run']): JobKind {
  return { input, run: run as JobKind['run'] };
}

export function isEnded({ status }: Pick<Job, 'status'>): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}

/** Why the signal of a running job aborts. */
export class JobAborted extends Error {
  readonly reason: 'cancelled' | 'stopping' | 'lost';

  constructor(reason: 'cancelled' | 'stopping' | 'lost') {
    super(`the job is ${reason === 'stopping' ? 'given to another process' : reason}`);
    this.name = 'JobAborted';
    this.reason = reason;
  }
}
