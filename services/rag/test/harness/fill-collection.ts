import { Postgres, silentLogger } from '@genai-platform/common';
import type { Transaction } from '@genai-platform/common';
import { createAnalyzer } from '@genai-platform/common/retrieval';
import { createHash } from 'node:crypto';
import { wordsOf } from '../../src/domain/lexical/chunk-words.ts';
import { encodeWords } from '../../src/domain/lexical/words-codec.ts';
import { insertCollection, lockCollection } from '../../src/store/collection-rows.ts';
import { insertDocument } from '../../src/store/document-rows.ts';
import { publishDocument } from '../../src/store/publish-document.ts';
import { createGraph, createSpace } from '../../src/store/space-rows.ts';
import type { RagDatabase } from './rag-database.ts';

/** A document of one chunk, embedded already. */
export interface EmbeddedDocument {
  readonly id: string;
  readonly text: string;
  readonly vector: ArrayLike<number>;
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

const BATCH = 500;
const caller = { tenant: 'acme', subject: 'ada' };
const chunking = { max_characters: 1_600, overlap_characters: 0 };

/** Fills a collection as ingestion does, without models; the graph is built at the end, which is several times as fast. */
export async function fillCollection(
  database: RagDatabase,
  name: string,
  documents: readonly EmbeddedDocument[],
): Promise<void> {
  const config = { ...database.config, DATABASE_POOL_MAX: 2 };
  const db = new Postgres({ config, log: silentLogger(), name: 'fill' });
  const analyzer = await createAnalyzer({ language: 'en' });
  const settings = { language: 'en' as const, embedding_model: 'given', chunking, vector_weight: 0.5 };
  const options = { identity: caller, statementTimeoutMs: 1_800_000 };
  const { key, space } = await db.withTransaction(options, async (tx) => {
    const given = { name, title: name, description: '', metadata: {}, settings, expireAfterDays: null };
    const collection = await insertCollection(tx, caller, given);
    const dimensions = documents[0]?.vector.length ?? 0;
    const created = await createSpace(tx, caller, collection.key, { model: 'given', dimensions, graph: false });
    await tx.query('UPDATE collections SET space_id = $1 WHERE collection_id = $2', [created.key, collection.key]);
    return { key: collection.key, space: created };
  });
  const publish = async (tx: Transaction, { id, text, vector, metadata }: EmbeddedDocument): Promise<void> => {
    const source = { type: 'text' as const };
    const row = {
      collection: key,
      jobId: null,
      externalId: null,
      fileId: null,
      batchId: null,
      title: '',
      source,
      acl: [],
      chunking,
    };
    await insertDocument(tx, caller, { ...row, id, bytes: text.length, metadata });
    const hash = createHash('sha256').update(text).digest();
    const chunk = { start: 0, end: text.length, context: '', text, hash, vector };
    const words = encodeWords([wordsOf(analyzer, text)]);
    const collection = await lockCollection(tx, caller, key);
    await publishDocument(tx, caller, collection, {
      id,
      text,
      title: '',
      contentHash: hash,
      words,
      chunks: [chunk],
      space,
    });
  };
  for (let from = 0; from < documents.length; from += BATCH) {
    await db.withTransaction(options, async (tx) => {
      for (const document of documents.slice(from, from + BATCH)) await publish(tx, document);
    });
  }
  await db.withTransaction(options, async (tx) => {
    await tx.query("SET LOCAL maintenance_work_mem = '512MB'");
    await createGraph(tx, space);
  });
  await database.admin('VACUUM ANALYZE');
  await db.close();
}
