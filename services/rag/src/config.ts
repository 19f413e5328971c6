import { DatabaseConfig, ServiceConfig } from '@genai-platform/common';
import { z } from 'zod';

const MEBIBYTE = 1024 * 1024;
const count = z.coerce.number().int().min(1);
const url = z.url({ protocol: /^https?$/ });

/** The environment of the service. */
export const RagConfig = ServiceConfig.extend({
  ...DatabaseConfig.shape,
  /** Where models are asked: embeddings, rerank, chat. Without it there are lexical retrieval and quoted answers. */
  RAG_LLM_ROUTER_URL: url.optional(),
  /** Where documents become Markdown. Without it texts and Markdown alone are taken. */
  RAG_FORMAT_CONVERSION_URL: url.optional(),
  /** What new collections are embedded by, unless they name a model. */
  RAG_EMBEDDING_MODEL: z.string().min(1).max(256).default('bge-small-en-v1.5'),
  /** Who words answers; without one they are quoted from the sources. */
  RAG_ANSWER_MODEL: z.string().min(1).max(256).optional(),
  /** What reranks where a request asks for it and names none; by the encoder's similarity where absent. */
  RAG_RERANK_MODEL: z.string().min(1).max(256).optional(),
  /** The largest document, sent or fetched. */
  RAG_MAX_DOCUMENT_BYTES: count.default(50 * MEBIBYTE),
  /** Text and chunks of one document, chunks and documents of one collection, collections and files of one tenant. */
  RAG_MAX_TEXT_CHARACTERS: count.default(20_000_000),
  RAG_MAX_CHUNKS_PER_COLLECTION: count.default(250_000),
  RAG_MAX_DOCUMENTS_PER_COLLECTION: count.default(100_000),
  RAG_MAX_COLLECTIONS_PER_TENANT: count.default(1_000),
  RAG_MAX_FILE_BYTES_PER_TENANT: count.default(5_120 * MEBIBYTE),
  /** Memory for the words of collections; the ones that were not asked for longest are let go of first. */
  RAG_INDEX_CACHE_BYTES: count.default(256 * MEBIBYTE),
  /** Documents that one process takes in at the same time. */
  RAG_INGESTION_WORKERS: count.max(16).default(2),
  /** How long answers and their traces are kept. */
  RAG_ANSWER_RETENTION_SECONDS: count.default(86_400),
});
export type RagConfig = z.output<typeof RagConfig>;
