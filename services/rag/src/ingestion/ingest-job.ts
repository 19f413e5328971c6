import { AppError, jobKind, toAppError } from '@genai-platform/common';
import type { JobKind, JobRun, Postgres, SsrfGuard } from '@genai-platform/common';
import { z } from 'zod';
import type { RagConfig } from '../config.ts';
import { documentUnfit } from '../errors.ts';
import type { Converter } from '../platform/converter.ts';
import type { Embedder } from '../platform/embedder.ts';
import type { Analyzers } from '../retrieval/analyzers.ts';
import type { Caller } from '../store/caller.ts';
import { getCollection } from '../store/collection-rows.ts';
import type { CollectionRow } from '../store/collection-rows.ts';
import { failDocument, findDocument } from '../store/document-rows.ts';
import type { DocumentRow } from '../store/document-rows.ts';
import { readFileBytes } from '../store/file-rows.ts';
import { finishIngestion } from './finish-ingestion.ts';
import type { IngestionResult } from './finish-ingestion.ts';
import { knownVectors } from './known-vectors.ts';
import { embeddedText, readDocument } from './prepare-document.ts';
import type { ReadDocument } from './prepare-document.ts';
import { sourceText } from './source-text.ts';
import type { SourceDocument } from './source-text.ts';

export const INGEST = 'ingest';

/** What an ingestion needs to know beside the document's row; a text or a file is the job's payload. */
export const IngestInput = z.object({
  document_id: z.string(),
  collection_id: z.string(),
  filename: z.string().default(''),
  content_type: z.string().default(''),
  format: z.enum(['text', 'markdown']).optional(),
  url: z.string().optional(),
  file_id: z.string().optional(),
});
export type IngestInput = z.output<typeof IngestInput>;

export interface IngestParts {
  readonly db: Postgres;
  readonly config: RagConfig;
  readonly guard: SsrfGuard;
  readonly analyzers: Analyzers;
  readonly embedder: Embedder;
  readonly converter: Converter;
}

const FETCH_TIMEOUT_MS = 60_000;
/** As the kit's jobs do. */
const LAST_ATTEMPT = 3;
/** How much of the work is done when the document has been read. */
const READ_SHARE = 0.2;

/** Takes one document in: fetches, converts, divides, embeds, and makes it findable. */
export function ingestJob(parts: IngestParts): JobKind {
  return jobKind(IngestInput, async (run) => {
    try {
      return await ingest(parts, run);
    } catch (error) {
      await noteFailure(parts, run, error);
      throw error;
    }
  });
}

async function ingest(parts: IngestParts, run: JobRun<IngestInput>): Promise<IngestionResult> {
  const { db, config, analyzers } = parts;
  const { input, identity, signal } = run;
  const collection = await getCollection(db, identity, input.collection_id);
  const document = await findDocument(db, identity, {
    collection: collection.key,
    id: input.document_id,
    principals: null,
  });
  if (document?.status !== 'in_progress') return { document_id: input.document_id, outcome: 'removed', chunks: 0 };
  const source = await sourceOf(parts, run);
  const { text, format } = await sourceText(source, { converter: parts.converter, caller: identity, signal });
  if (text.trim() === '') throw documentUnfit('there is no text in it');
  if (text.length > config.RAG_MAX_TEXT_CHARACTERS) {
    throw documentUnfit(`its text is longer than ${config.RAG_MAX_TEXT_CHARACTERS} characters`);
  }
  const analyzer = await analyzers.get(collection.settings.language);
  const read = await readDocument(text, { format, title: document.title, chunking: document.chunking, analyzer });
  run.progress(READ_SHARE);
  const vectors = await vectorsOf(parts, run, { collection, document, read });
  signal.throwIfAborted();
  return await finishIngestion({ db, config, caller: identity }, { collection, document, read, ...vectors });
}

async function sourceOf({ db, guard, config }: IngestParts, run: JobRun<IngestInput>): Promise<SourceDocument> {
  const { input, payload, identity, signal } = run;
  const { filename, content_type: contentType, format } = input;
  if (payload !== undefined) return { bytes: payload, filename, contentType, format };
  if (input.file_id !== undefined) {
    const bytes = await readFileBytes(db, identity, input.file_id);
    if (bytes === undefined) throw documentUnfit('its file has been deleted');
    return { bytes, filename, contentType, format };
  }
  const reply = await guard.fetch(input.url ?? '', {
    signal,
    timeoutMs: FETCH_TIMEOUT_MS,
    maxBytes: config.RAG_MAX_DOCUMENT_BYTES,
  });
  if (reply.status >= 300) {
    throw new AppError('RAG_ADDRESS_FAILED', {
      status: 502,
      detail: `the address answered ${reply.status}`,
      retryable: reply.status >= 500,
    });
  }
  return { bytes: reply.bytes, filename: nameIn(reply.url), contentType: reply.headers['content-type'] ?? '', format };
}

/** The last part of an address, where it looks like the name of a file. */
function nameIn(url: string): string {
  const name = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
  return /\.[a-z0-9]{1,8}$/i.test(name) ? name : '';
}

interface Given {
  readonly collection: CollectionRow;
  readonly document: DocumentRow;
  readonly read: ReadDocument;
}

/** A vector for each chunk, by the model of what is searched now; none where the platform runs no models. */
async function vectorsOf(
  { db, config, embedder }: IngestParts,
  { identity, signal, progress }: JobRun<IngestInput>,
  { collection, read }: Given,
): Promise<{ model: string | undefined; vectors: readonly ArrayLike<number>[] }> {
  if (config.RAG_LLM_ROUTER_URL === undefined) return { model: undefined, vectors: [] };
  const model = collection.space?.model ?? collection.settings.embedding_model;
  const known = await knownVectors(db, identity, collection, read.chunks.map(({ hash }) => hash)); // prettier-ignore
  const fresh = read.chunks.filter(({ hash }) => !known.has(hash.toString('hex')));
  const texts = [...new Map(fresh.map((chunk) => [chunk.hash.toString('hex'), embeddedText(chunk)]))];
  const embedded = await embedder.passages(
    identity,
    texts.map(([, text]) => text),
    {
      // prettier-ignore
      model,
      signal,
      progress: (share) => progress(READ_SHARE + (1 - READ_SHARE) * share),
    },
  );
  texts.forEach(([hash], i) => known.set(hash, embedded[i] as Float32Array));
  return { model, vectors: read.chunks.map(({ hash }) => known.get(hash.toString('hex')) as Float32Array) };
}

/** A document whose job will be tried again is still on its way; so is one that another process goes on with. */
async function noteFailure({ db }: IngestParts, run: JobRun<IngestInput>, thrown: unknown): Promise<void> {
  const { identity, input, signal, attempt } = run;
  const caller: Caller = identity;
  const reason = signal.aborted ? (signal.reason as { reason?: string }).reason : undefined;
  if (reason === 'stopping' || reason === 'lost') return;
  const error = toAppError(thrown);
  if (reason === undefined && error.retryable && attempt < LAST_ATTEMPT) return;
  const problem = {
    status: error.status,
    code: error.code,
    ...(error.detail !== undefined && { detail: error.detail }),
  };
  const status = reason === 'cancelled' ? 'cancelled' : 'failed';
  await failDocument(db, caller, { id: input.document_id, status, problem: status === 'failed' ? problem : null });
}
