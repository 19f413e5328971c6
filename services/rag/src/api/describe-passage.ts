import type { z } from 'zod';
import type { Passage } from '../retrieval/retriever.ts';
import type { PassageReply } from './retrieve-schemas.ts';

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
function chunkId({ collection, chunk }: Pick<Passage, 'collection' | 'chunk'>): string {
  return `${collection.id}/${chunk.number}`;
}
