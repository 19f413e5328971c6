import { AppError } from '../errors.ts';
import type { Job, JobProblem, JobStatus } from './job.ts';

/** A job, as the database has it. */
export interface JobRow {
  readonly id: string;
  readonly kind: string;
  readonly tenant: string;
  readonly subject: string;
  readonly status: JobStatus;
  readonly input: unknown;
  readonly result: unknown;
  readonly output_type: string | null;
  readonly problem: JobProblem | null;
  readonly progress: number;
  readonly attempts: number;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly expires_at: Date | null;
}

/** The columns of a `JobRow`: all but the large ones. */
export const JOB_COLUMNS = `id, kind, tenant, subject, status, input, result, output_type, problem, progress, attempts, created_at,
  started_at, finished_at, expires_at`;

/** A job as the API shows it. @param path where the jobs' routes are */
export function toJob(row: JobRow, path: string): Job {
  return {
    id: row.id,
    object: 'job',
    kind: row.kind,
    status: row.status,
    progress: row.progress,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
    expires_at: row.expires_at?.toISOString() ?? null,
    result: row.result ?? null,
    output_url: row.output_type === null ? null : `${path}/${row.id}/output`,
    error: row.problem,
  };
}

/** @throws AppError 404 where there is no job */
export function found<T>(row: T | undefined): T {
  if (row !== undefined) return row;
  throw new AppError('JOB_MISSING', { status: 404, detail: 'there is no such job, or it has expired' });
}
