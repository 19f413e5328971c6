import { AppError, del, get, Job, routes, type Route } from '@genai-platform/common';
import { z } from 'zod';
import { ResultReply } from '../api/job-schemas.ts';
import type { Deps } from '../deps.ts';

const JobPath = z.object({ id: z.string().max(64) });

/** What a job's own routes do not say: the warnings of each document. */
export const resultRoutes = (deps: Deps): Route[] => routes(getResult(deps), cancelJob(deps));

const getResult = ({ jobs, reports }: Deps): Route =>
  get(
    '/v1/convert/jobs/:id/result',
    {
      summary: 'Get what became of the documents of a job',
      description: 'The converted document, or the archive of a batch, is at output_url.',
      params: JobPath,
      reply: ResultReply,
      scopes: ['convert:read'],
    },
    async ({ params, identity }) => {
      const job = await jobs.get(identity.tenant, params.id);
      const documents = await reports.find(identity.tenant, params.id);
      if (!documents)
        throw new AppError('CONVERT_RESULT_MISSING', {
          status: 404,
          detail: `the job is ${job.status} and has no result`,
          retryable: !job.finished_at,
        });
      return { object: 'conversion_result' as const, job_id: job.id, output_url: job.output_url, documents };
    },
  );

const cancelJob = ({ jobs }: Deps): Route =>
  del(
    '/v1/convert/jobs/:id',
    {
      summary: 'Cancel a job',
      description: 'A job that has ended stays until it expires.',
      params: JobPath,
      reply: Job,
      scopes: ['convert:write'],
    },
    async ({ params, identity }) => jobs.cancel(identity.tenant, params.id),
  );
