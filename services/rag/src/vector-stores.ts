import type { Identity, Jobs, Postgres, Transaction } from '@genai-platform/common';
import type { z } from 'zod';
import type { Attributes, ChunkingStrategy, StoreFile, VectorStore } from './api/openai-schemas.ts';
import { Chunking } from './domain/collection-settings.ts';
import { beginIngestion } from './ingestion/begin-ingestion.ts';
import type { CollectionRow } from './store/collection-rows.ts';
import { countDocuments } from './store/document-rows.ts';
import type { DocumentRow, DocumentStatus } from './store/document-rows.ts';
import type { FileRow } from './store/file-rows.ts';

/** Of English text, about: the API counts tokens, and what divides texts counts characters. */
const CHARACTERS_PER_TOKEN = 4;

/** How a strategy of OpenAI's API divides; undefined where the collection decides. */
export function toChunking(strategy: ChunkingStrategy | null | undefined): Chunking | undefined {
  if (strategy?.type !== 'static') return undefined;
  const { max_chunk_size_tokens: max, chunk_overlap_tokens: overlap } = strategy.static;
  return Chunking.parse({
    max_characters: max * CHARACTERS_PER_TOKEN,
    overlap_characters: overlap * CHARACTERS_PER_TOKEN,
  });
}

function toStrategy({ max_characters: max, overlap_characters: overlap }: Chunking): ChunkingStrategy {
  const tokens = (characters: number): number => Math.round(characters / CHARACTERS_PER_TOKEN);
  return { type: 'static', static: { max_chunk_size_tokens: tokens(max), chunk_overlap_tokens: tokens(overlap) } };
}

export interface AddedFiles {
  readonly files: readonly FileRow[];
  readonly attributes?: z.output<typeof Attributes> | null | undefined;
  readonly chunking?: Chunking | undefined;
  readonly batchId?: string | undefined;
}

/** Begins to take files in; the jobs are to be woken after the commit. */
export async function addFiles(
  jobs: Jobs,
  tx: Transaction,
  identity: Identity,
  { collection, files, attributes, chunking, batchId }: AddedFiles & { collection: CollectionRow },
): Promise<DocumentRow[]> {
  const documents: DocumentRow[] = [];
  for (const { id: fileId, bytes: size, filename, mediaType: contentType } of files) {
    const source = { type: 'stored' as const, fileId, size, filename, contentType };
    const incoming = { collection, source, metadata: attributes ?? {}, chunking, batchId };
    documents.push((await beginIngestion(jobs, identity, incoming, tx)).document);
  }
  return documents;
}

export const unixSeconds = (date: Date): number => Math.floor(date.getTime() / 1_000);

/** The counts as OpenAI's API has them. */
export function fileCounts(counts: Record<DocumentStatus, number>): Record<DocumentStatus | 'total', number> {
  return { ...counts, total: Object.values(counts).reduce((sum, count) => sum + count, 0) };
}

export async function toVectorStore(
  db: Postgres,
  identity: Identity,
  row: CollectionRow,
): Promise<z.input<typeof VectorStore>> {
  const counts = fileCounts(await countDocuments(db, identity, { collection: row.key }));
  const expired = row.expiresAt !== null && row.expiresAt.getTime() <= Date.now();
  return {
    id: row.id,
    object: 'vector_store',
    created_at: unixSeconds(row.createdAt),
    name: row.title === '' ? null : row.title,
    description: row.description === '' ? null : row.description,
    usage_bytes: row.bytes,
    file_counts: counts,
    status: expired ? 'expired' : counts.in_progress > 0 ? 'in_progress' : 'completed',
    expires_after: row.expireAfterDays === null ? null : { anchor: 'last_active_at', days: row.expireAfterDays },
    expires_at: row.expiresAt === null ? null : unixSeconds(row.expiresAt),
    last_active_at: unixSeconds(row.lastActiveAt),
    metadata: { ...row.metadata },
  };
}

export function toStoreFile(document: DocumentRow, store: CollectionRow): z.input<typeof StoreFile> {
  const { fileId, id, bytes, createdAt, status, problem, chunking, metadata } = document;
  return {
    id: fileId ?? id,
    object: 'vector_store.file',
    usage_bytes: bytes,
    created_at: unixSeconds(createdAt),
    vector_store_id: store.id,
    status,
    last_error: problem === null ? null : { code: errorCode(problem.status), message: problem.detail ?? problem.code },
    chunking_strategy: toStrategy(chunking),
    attributes: Object.fromEntries(
      Object.entries(metadata).flatMap(([name, value]) => (typeof value === 'object' ? [] : [[name, value]])),
    ),
  };
}

/** The codes that OpenAI's API knows. */
function errorCode(status: number): string {
  if (status >= 500 || status === 429) return 'server_error';
  return status === 415 ? 'unsupported_file' : 'invalid_file';
}
