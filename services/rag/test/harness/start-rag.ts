import type { Identity } from '@genai-platform/common';
import { createTestContext, startService } from '@genai-platform/common/testing';
import type { TestService } from '@genai-platform/common/testing';
import { createApp } from '../../src/app.ts';
import { RagConfig } from '../../src/config.ts';
import { createDeps } from '../../src/deps.ts';
import type { Deps } from '../../src/deps.ts';
import type { Mode } from '../../src/retrieval/retrieve-request.ts';
import { Stages } from '../../src/retrieval/stages.ts';
import type { RagDatabase } from './rag-database.ts';

type As = Partial<Identity>;

/** A passage, as tests look at it. */
export interface FoundPassage {
  chunk_id: string;
  document_id: string;
  external_id: string | null;
  text: string;
  start: number;
  end: number;
  score: number;
  scores: { lexical: number | null; vector: number | null; rerank: number | null };
  metadata: Record<string, unknown>;
}

export interface Found {
  data: FoundPassage[];
  legs: string;
  reranker: string | null;
  warnings: string[];
  trace?: { name: string; duration_ms: number; details: Record<string, unknown> }[];
}

/** A running RAG service, with its own verbs. */
export interface TestRag extends TestService {
  readonly deps: Deps;
  /** Sends JSON, and returns the JSON of the reply. @throws Error for a status from 400 on */
  ask<T>(method: string, path: string, json?: unknown, as?: As): Promise<T>;
  collection(name: string, settings?: object, as?: As): Promise<{ id: string }>;
  /** Takes a document in, and waits until it can be found; returns its id. */
  add(collection: string, document: object, as?: As): Promise<string>;
  retrieve(request: object, as?: As): Promise<Found>;
  /** The ids of documents, best first: deeper than the API goes. */
  rank(collection: string, query: string, mode: Mode): Promise<string[]>;
}

const DEPTH = 1_000;

/** Starts one instance of the service on a database that others may share. */
export async function startRag(database: RagDatabase, env: Readonly<Record<string, unknown>> = {}): Promise<TestRag> {
  const context = createTestContext({ name: 'rag' });
  const config = RagConfig.parse({
    SERVICE_NAME: 'rag',
    HTTP_PORT: 0,
    IDENTITY_KEY_FILE: context.testIdentity.keyFile,
    ...database.config,
    ...env,
  });
  const deps = createDeps(config, context);
  const service = await startService(createApp(deps), context);
  const ask = async <T>(method: string, path: string, json?: unknown, as: As = {}): Promise<T> => {
    const response = await service.fetch(path, { method, as, ...(json === undefined ? {} : { json }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  return {
    ...service,
    deps,
    ask,
    collection: (name, settings = {}, as = {}) => ask('POST', '/v1/rag/collections', { name, ...settings }, as),
    add: async (collection, document, as = {}) => {
      const response = await service.fetch(`/v1/rag/collections/${collection}/documents`, {
        json: document,
        as,
        headers: { prefer: 'wait=20' },
      });
      let job = (await response.json()) as { id: string; status: string; result: { document_id: string } };
      while (job.status === 'queued' || job.status === 'running') {
        await new Promise((resolve) => setTimeout(resolve, 200));
        job = await ask('GET', `/v1/rag/jobs/${job.id}`, undefined, as);
      }
      if (job.status !== 'succeeded') throw new Error(`${response.status} ${JSON.stringify(job)}`);
      return job.result.document_id;
    },
    retrieve: (request, as = {}) => ask('POST', '/v1/rag/retrieve', request, as),
    rank: async (collection, query, mode) => {
      const request = { query, collections: [collection], principals: ['*'], mode, limit: DEPTH, candidates: DEPTH };
      const caller = { tenant: 'acme', subject: 'ada' };
      const { passages } = await deps.retriever.retrieve(caller, request, new Stages(), AbortSignal.timeout(60_000));
      return [...new Set(passages.map(({ chunk }) => chunk.document.externalId ?? ''))];
    },
  };
}
