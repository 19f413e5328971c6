import { newId } from '@genai-platform/common';
import type { Job, Jobs, Transaction, WebhookTarget } from '@genai-platform/common';
import type { Chunking } from '../domain/collection-settings.ts';
import type { Metadata } from '../domain/lexical/indexed-document.ts';
import type { Caller } from '../store/caller.ts';
import type { CollectionRow } from '../store/collection-rows.ts';
import { insertDocument } from '../store/document-rows.ts';
import type { DocumentRow } from '../store/document-rows.ts';
import { INGEST } from './ingest-job.ts';

/** A document that is to be taken in. */
export interface IncomingDocument {
  readonly collection: CollectionRow;
  readonly externalId?: string | undefined;
  readonly title?: string | undefined;
  readonly metadata?: Metadata | undefined;
  readonly acl?: readonly string[] | undefined;
  readonly chunking?: Chunking | undefined;
  readonly batchId?: string | undefined;
  readonly webhook?: WebhookTarget | undefined;
  readonly source: IncomingSource;
}

/** Where its content is. */
export type IncomingSource =
  | { readonly type: 'text'; readonly bytes: Uint8Array; readonly format: 'text' | 'markdown' }
  | { readonly type: 'file'; readonly bytes: Uint8Array; readonly filename: string; readonly contentType: string }
  | {
      readonly type: 'stored';
      readonly fileId: string;
      readonly size: number;
      readonly filename: string;
      readonly contentType: string;
    }
  | { readonly type: 'url'; readonly url: string };

/** Writes a document down and begins to take it in, both or neither. @throws AppError 429 for too many unfinished ones */
export async function beginIngestion(
  jobs: Jobs,
  caller: Caller,
  incoming: IncomingDocument,
  tx: Transaction,
): Promise<{ job: Job; document: DocumentRow }> {
  const { collection, source, webhook } = incoming;
  const id = newId('doc');
  const input = { document_id: id, collection_id: collection.id, ...inputOf(source) };
  const payload = 'bytes' in source ? { payload: source.bytes } : {};
  const job = await jobs.add({ kind: INGEST, input, webhook, ...payload }, caller, tx);
  const document = await insertDocument(tx, caller, {
    id,
    collection: collection.key,
    jobId: job.id,
    externalId: incoming.externalId ?? null,
    fileId: source.type === 'stored' ? source.fileId : null,
    batchId: incoming.batchId ?? null,
    title: incoming.title ?? '',
    source: describe(source),
    bytes: sizeOf(source),
    metadata: incoming.metadata ?? {},
    acl: incoming.acl ?? [],
    chunking: incoming.chunking ?? collection.settings.chunking,
  });
  return { job, document };
}

function inputOf(source: IncomingSource): object {
  if (source.type === 'text') return { format: source.format };
  if (source.type === 'url') return { url: source.url };
  const { filename, contentType } = source;
  return { filename, content_type: contentType, ...(source.type === 'stored' && { file_id: source.fileId }) };
}

function describe(source: IncomingSource): DocumentRow['source'] {
  if (source.type === 'text') return { type: 'text' };
  if (source.type === 'url') return { type: 'url', url: source.url };
  return { type: 'file', filename: source.filename };
}

function sizeOf(source: IncomingSource): number {
  if ('bytes' in source) return source.bytes.byteLength;
  return source.type === 'stored' ? source.size : 0;
}
