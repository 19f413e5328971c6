import { Job, jobResponse, post, routes } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { EvaluateBody } from '../api/evaluate-schemas.ts';
import type { Deps } from '../deps.ts';
import { EVALUATE } from '../evaluation/evaluate-job.ts';
import { principalsOf } from '../principals.ts';
import { requireCollections } from '../store/collection-rows.ts';

/** `/v1/rag/evaluate` */
export const evaluateRoutes = ({ db, jobs }: Deps): Route[] =>
  routes(
    post(
      '/v1/rag/evaluate',
      {
        summary: 'Measure retrieval and answers by questions whose answers are known',
        description:
          'Answers the job that asks them; `Prefer: wait=n` waits for its end. Its `result` has `modes` (for each: hit_at_1, hit_at_5, ' +
          'recall, reciprocal_rank, average_precision and ndcg over the first `top_k` documents, p50_ms and p95_ms), `answers` ' +
          '(false_refusals, refusals, correct, grounded), and `cases` (for each question the place of its first relevant document by ' +
          'mode, and how it was answered).',
        body: EvaluateBody,
        reply: Job,
        replies: { 202: { description: 'Accepted', schema: Job } },
        scopes: ['rag:read'],
      },
      async ({ body, identity, signal, req }) => {
        const { webhook, principals: named, ...rest } = body;
        const principals = principalsOf(identity, named);
        await requireCollections(db, identity, rest.collections, signal);
        const job = await jobs.add({ kind: EVALUATE, input: { ...rest, principals }, webhook }, identity);
        return await jobResponse(jobs, job, { req, signal, tenant: identity.tenant });
      },
    ),
  );
