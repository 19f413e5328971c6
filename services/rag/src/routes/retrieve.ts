import { post, routes } from '@genai-platform/common';
import type { Identity, Route } from '@genai-platform/common';
import { toPassage } from '../api/describe-passage.ts';
import { RetrieveBody, RetrieveReply, TraceQuery } from '../api/retrieve-schemas.ts';
import type { Deps } from '../deps.ts';
import { principalsOf } from '../principals.ts';
import type { RetrieveRequest } from '../retrieval/retrieve-request.ts';
import { Stages } from '../retrieval/stages.ts';

/** `/v1/rag/retrieve` */
export const retrieveRoutes = ({ retriever }: Deps): Route[] =>
  routes(
    post(
      '/v1/rag/retrieve',
      {
        summary: 'Find passages',
        description: 'By words (BM25) and vectors together, unless `mode` says otherwise.',
        query: TraceQuery,
        body: RetrieveBody,
        reply: RetrieveReply,
        scopes: ['rag:read'],
        idempotencyKey: 'none',
      },
      async ({ body, query, identity, signal }) => {
        const stages = new Stages();
        const found = await retriever.retrieve(identity, toRequest(body, identity), stages, signal);
        return {
          object: 'list' as const,
          data: found.passages.map(toPassage),
          legs: found.legs,
          reranker: found.reranker ?? null,
          warnings: [...found.warnings],
          took_ms: stages.elapsedMs,
          ...(query.trace && { trace: stages.list.map((stage) => ({ ...stage, details: { ...stage.details } })) }),
        };
      },
    ),
  );

const RERANK_DEPTH = 50;
const LAMBDA = 0.7;

type Fields = Omit<RetrieveBody, 'vector'> & { readonly vector?: number[] | undefined };

/** What a body asks for, with its defaults. @throws AppError 403 for principals that the caller may not name */
export function toRequest(body: Fields, identity: Identity): RetrieveRequest {
  const { query, vector, collections, filter, mode, candidates, top_k: limit, rerank, mmr } = body;
  return {
    ...{ query, vector, collections, filter, mode, limit },
    candidates: Math.max(candidates, limit),
    principals: principalsOf(identity, body.principals),
    vectorWeight: body.vector_weight,
    ...(rerank !== false && { rerank: rerank === true ? { depth: RERANK_DEPTH } : rerank }),
    ...(mmr !== false && { diversity: mmr === true ? { lambda: LAMBDA } : mmr }),
  };
}
