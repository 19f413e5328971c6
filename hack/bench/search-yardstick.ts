/** What PostgreSQL's own full-text search does with the same documents and queries. */
import pg from 'pg';
import { createDatabase } from '@genai-platform/common/testing';
import type { CorpusDocument } from './search-corpus.ts';
import { runClosedLoop, type LoadResult } from './closed-loop.ts';

export interface TextRank {
  readonly documentsPerSecond: number;
  measure(queries: readonly string[], parallel: number): Promise<LoadResult>;
  close(): Promise<void>;
}

const BATCH = 1_000;
const SEARCH = `SELECT id, ts_rank(words, q) AS score FROM documents, to_tsquery('english', $1) q
  WHERE words @@ q ORDER BY score DESC LIMIT 10`;

/** Indexes the documents with `tsvector` and GIN, and ranks by `ts_rank`. */
export async function startTextRank(documents: readonly CorpusDocument[]): Promise<TextRank> {
  const database = await createDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 16 });
  await pool.query('CREATE TABLE documents (id text PRIMARY KEY, body text, words tsvector)');
  await pool.query('CREATE INDEX ON documents USING gin (words)');
  const started = performance.now();
  for (let from = 0; from < documents.length; from += BATCH) {
    const some = documents.slice(from, from + BATCH);
    await pool.query(
      `INSERT INTO documents SELECT id, body, to_tsvector('english', body)
         FROM unnest($1::text[], $2::text[]) AS given(id, body)`,
      [some.map(({ id }) => id), some.map(({ title, body }) => `${title} ${body}`)],
    );
  }
  const documentsPerSecond = documents.length / ((performance.now() - started) / 1_000);
  await pool.query('VACUUM ANALYZE documents');
  return {
    documentsPerSecond,
    measure: (queries, parallel) =>
      runClosedLoop(queries, parallel, async (query) => {
        await pool.query(SEARCH, [query.split(' ').join(' | ')]);
      }),
    close: async () => {
      await pool.end();
      await database.close();
    },
  };
}
