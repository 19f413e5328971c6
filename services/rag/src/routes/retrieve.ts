import { post, routes } from '@genai-platform/common';
import type { Identity, Route } from '@genai-platform/common';
import type { z } from 'zod';
import { RetrieveBody, RetrieveReply, TraceQuery } from '../api/retrieve-schemas.ts';
import type { PassageReply } from '../api/retrieve-schemas.ts';
import type { Deps } from '../deps.ts';
import { principalsOf } from '../principals.ts';
import type { RetrieveRequest } from '../retrieval/retrieve-request.ts';
import type { Passage } from '../retrieval/retriever.ts';
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

type Fields = Omit<RetrieveBody, 'top_k'> & { readonly top_k: number };

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

/** A passage as the API shows it. */
export function toPassage(passage: Passage): z.input<typeof PassageReply> {
  const { chunk, collection, score, lexical, vector, rerank } = passage;
  const { document } = chunk;
  return {
    object: 'rag.passage',
    chunk_id: chunkId(passage),
    document_id: chunk.documentId,
    collection_id: collection.id,
    external_id: document.externalId,
    file_id: document.fileId,
    title: document.title,
    url: document.url,
    filename: document.filename,
    context: chunk.context,
    text: chunk.text,
    start: chunk.startAt,
    end: chunk.endAt,
    score,
    scores: { lexical: lexical ?? null, vector: vector ?? null, rerank: rerank ?? null },
    metadata: { ...document.metadata },
  };
}

/** Names a chunk for as long as its document is there. */
export function chunkId({ collection, chunk }: Pick<Passage, 'collection' | 'chunk'>): string {
  return `${collection.id}/${chunk.number}`;
}
