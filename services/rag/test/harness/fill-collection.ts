import { Postgres, silentLogger } from '@genai-platform/common';
import type { Transaction } from '@genai-platform/common';
import { createAnalyzer } from '@genai-platform/common/retrieval';
import type { Analyzer } from '@genai-platform/common/retrieval';
import { createHash } from 'node:crypto';
import { wordsOf } from '../../src/domain/lexical/chunk-words.ts';
import { encodeWords } from '../../src/domain/lexical/words-codec.ts';
import { insertCollection } from '../../src/store/collection-rows.ts';
import type { SpaceRow } from '../../src/store/collection-rows.ts';
import { createGraph, createSpace, insertVectors } from '../../src/store/space-rows.ts';
import type { RagDatabase } from './rag-database.ts';

/** A document of one chunk, embedded already. */
export interface EmbeddedDocument {
  readonly id: string;
  readonly text: string;
  readonly vector: ArrayLike<number>;
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

const BATCH = 1_000;
const caller = { tenant: 'acme', subject: 'ada' };
const chunking = { max_characters: 1_600, overlap_characters: 0 };
const options = { identity: caller, statementTimeoutMs: 1_800_000 };

export interface FillOptions {
  /** Whose vectors they are. */
  readonly model?: string;
  /** Hears how far it is. */
  readonly said?: (what: string) => void;
}

/**
 * Fills a new collection with rows as ingestion leaves them, without models and many at once; the graph is built at the
 * end, which is several times as fast.
 */
export async function fillCollection(
  database: RagDatabase,
  name: string,
  documents: readonly EmbeddedDocument[],
  { model = 'given', said = () => undefined }: FillOptions = {},
): Promise<void> {
  const config = { ...database.config, DATABASE_POOL_MAX: 2 };
  const db = new Postgres({ config, log: silentLogger(), name: 'fill' });
  const analyzer = await createAnalyzer({ language: 'en' });
  const place = await db.withTransaction(options, (tx) =>
    makePlace(tx, name, { model, dimensions: documents[0]?.vector.length ?? 0 }),
  );
  for (let from = 0; from < documents.length; from += BATCH) {
    const some = documents.slice(from, from + BATCH);
    await db.withTransaction(options, (tx) => insertRows(tx, place, { some, from, analyzer }));
    said(`${from + some.length} of ${documents.length} documents written`);
  }
  said('building the graph');
  await db.withTransaction(options, async (tx) => {
    // Processes of its own need shared memory that machines without an init often lack.
    await tx.query("SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL max_parallel_maintenance_workers = 0");
    await createGraph(tx, place.space);
  });
  await database.admin('VACUUM ANALYZE');
  await db.close();
}

interface Place {
  readonly key: string;
  readonly space: SpaceRow;
}

async function makePlace(
  tx: Transaction,
  name: string,
  { model, dimensions }: { model: string; dimensions: number },
): Promise<Place> {
  const settings = { language: 'en' as const, embedding_model: model, chunking, vector_weight: 0.5 };
  const given = { name, title: name, description: '', metadata: {}, settings, expireAfterDays: null };
  const { key } = await insertCollection(tx, caller, given);
  const space = await createSpace(tx, caller, key, { model, dimensions, graph: false });
  await tx.query('UPDATE collections SET space_id = $1 WHERE collection_id = $2', [space.key, key]);
  return { key, space };
}

async function insertRows(
  tx: Transaction,
  { key, space }: Place,
  { some, from, analyzer }: { some: readonly EmbeddedDocument[]; from: number; analyzer: Analyzer },
): Promise<void> {
  const hashes = some.map(({ text }) => createHash('sha256').update(text).digest());
  const common = [caller.tenant, key, some.map(({ id }) => id), some.map((_one, i) => from + i)];
  const texts = some.map(({ text }) => text);
  await tx.query(
    `INSERT INTO documents (tenant, collection_id, id, number, text, content_hash, words, metadata, bytes, chunks, status,
       chunking, source, created_by)
     SELECT $1, $2, id, number, text, hash, words, metadata, octet_length(text), 1, 'completed', $8, '{"type": "text"}', $9
       FROM unnest($3::text[], $4::bigint[], $5::text[], $6::bytea[], $7::bytea[], $10::jsonb[])
         AS given(id, number, text, hash, words, metadata)`,
    [
      ...common,
      texts,
      hashes,
      some.map(({ text }) => encodeWords([wordsOf(analyzer, text)])),
      JSON.stringify(chunking),
      caller.subject,
      some.map(({ metadata }) => JSON.stringify(metadata)),
    ],
  );
  await tx.query(
    `INSERT INTO chunks (tenant, collection_id, document_id, number, text, hash, ordinal, start_at, end_at, context)
     SELECT $1, $2, id, number, text, hash, 0, 0, length, ''
       FROM unnest($3::text[], $4::bigint[], $5::text[], $6::bytea[], $7::int[]) AS given(id, number, text, hash, length)`,
    [...common, texts, hashes, texts.map(({ length }) => length)],
  );
  await insertVectors(tx, caller, space, some.map(({ vector }, i) => ({ number: from + i, vector }))); // prettier-ignore
  await tx.query(
    `UPDATE collections SET generation = generation + $3, next_document = next_document + $3, next_chunk = next_chunk + $3,
       documents = documents + $3, chunks = chunks + $3 WHERE tenant = $1 AND collection_id = $2`,
    [caller.tenant, key, some.length],
  );
}
