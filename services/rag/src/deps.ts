import {
  IdentitySigner,
  Jobs,
  Postgres,
  PostgresIdempotencyStore,
  ServiceClient,
  SsrfGuard,
} from '@genai-platform/common';
import type { IdempotencyStore, ServiceContext } from '@genai-platform/common';
import { AnswerRuns } from './answers/answer-runs.ts';
import { Answerer } from './answers/answerer.ts';
import { toPassage } from './api/describe-passage.ts';
import type { RagConfig } from './config.ts';
import { evaluateJob } from './evaluation/evaluate-job.ts';
import { ingestJob } from './ingestion/ingest-job.ts';
import { reembedJob } from './ingestion/reembed-job.ts';
import { Converter } from './platform/converter.ts';
import { Embedder } from './platform/embedder.ts';
import { Generator } from './platform/generator.ts';
import { Reranker } from './platform/reranker.ts';
import { Analyzers } from './retrieval/analyzers.ts';
import { LexicalIndexes } from './retrieval/lexical-indexes.ts';
import { Retriever } from './retrieval/retriever.ts';
import { SampleVectors } from './retrieval/sample-vectors.ts';
import { WarmUp } from './retrieval/warm-up.ts';

/** What the routes work with. */
export interface Deps {
  readonly context: ServiceContext;
  readonly config: RagConfig;
  readonly db: Postgres;
  readonly guard: SsrfGuard;
  readonly idempotency: IdempotencyStore;
  readonly jobs: Jobs;
  readonly retriever: Retriever;
  readonly indexes: LexicalIndexes;
  readonly embedder: Embedder;
  readonly answers: AnswerRuns;
}

/** Opens the database and the ways to the other services, and begins to work on jobs. */
export function createDeps(config: RagConfig, context: ServiceContext): Deps {
  const { log, metrics, lifecycle, clock, name } = context;
  const db = new Postgres({ config, log, name, metrics, pipeline: true });
  lifecycle.onClose('database', () => db.close());
  const { router, conversion } = siblings(config, context);
  const guard = new SsrfGuard();
  lifecycle.onClose('addresses', () => guard.close());
  const { indexes, warmUp } = openWords(config, context, db);
  const analyzers = new Analyzers();
  const embedder = new Embedder(router);
  const reranker = new Reranker(router, config.RAG_RERANK_MODEL);
  const retriever = new Retriever({
    db,
    log,
    indexes,
    analyzers,
    embedder,
    reranker,
    warmUp,
    samples: new SampleVectors(),
  });
  const generator = new Generator(router, config.RAG_ANSWER_MODEL, clock);
  const answerer = new Answerer({ retriever, analyzers, embedder, generator });
  const ingest = { db, config, guard, analyzers, embedder, converter: new Converter(conversion) };
  const evaluate = evaluateJob({ retriever, answerer });
  const jobs = new Jobs({
    context,
    database: db,
    kinds: { ingest: ingestJob(ingest), reembed: reembedJob({ db, embedder }), evaluate },
    path: '/v1/rag/jobs',
    scopes: { read: ['rag:read'], write: ['rag:write'] },
    concurrency: config.RAG_INGESTION_WORKERS,
    limits: { maxOpenPerTenant: MAX_OPEN_JOBS },
  });
  jobs.start();
  const idempotency = new PostgresIdempotencyStore({ database: db, log, lifecycle });
  const answers = new AnswerRuns({
    context,
    db,
    answerer,
    retentionSeconds: config.RAG_ANSWER_RETENTION_SECONDS,
    describe: toPassage,
  });
  return { context, config, db, guard, idempotency, jobs, retriever, indexes, embedder, answers };
}

function openWords(
  config: RagConfig,
  { log, metrics, lifecycle, clock }: ServiceContext,
  db: Postgres,
): { indexes: LexicalIndexes; warmUp: WarmUp } {
  const indexes = new LexicalIndexes({ db, clock, maxBytes: config.RAG_INDEX_CACHE_BYTES });
  metrics.gauge({
    name: 'index_bytes',
    help: 'Bytes of the words of collections held in memory, about',
    collect: (gauge) => gauge.set(indexes.bytes),
  });
  const warmUp = new WarmUp({ db, log, indexes });
  lifecycle.onClose('reading ahead', () => warmUp.close());
  warmUp.start();
  return { indexes, warmUp };
}

/** Documents of one tenant that may wait to be taken in. */
const MAX_OPEN_JOBS = 2_000;

function siblings(
  config: RagConfig,
  { clock, metrics, lifecycle }: ServiceContext,
): { router: ServiceClient | undefined; conversion: ServiceClient | undefined } {
  const signer = new IdentitySigner(config.IDENTITY_KEY_FILE, clock);
  const client = (service: string, baseUrl: string | undefined): ServiceClient | undefined => {
    if (baseUrl === undefined) return undefined;
    const opened = new ServiceClient({ service, baseUrl, signer, clock, metrics });
    lifecycle.onClose(`connections to ${service}`, () => opened.close());
    return opened;
  };
  return {
    router: client('llm-router', config.RAG_LLM_ROUTER_URL),
    conversion: client('format-conversion', config.RAG_FORMAT_CONVERSION_URL),
  };
}
