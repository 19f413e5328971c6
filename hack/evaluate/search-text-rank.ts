/** The yardstick: what PostgreSQL's own full-text search makes of the same collection. */
import { meanMetrics, retrievalMetrics } from '@genai-platform/search';
import type { SearchDatabase } from '../../services/search/test/harness/search-database.ts';
import type { Collection } from './search-collection.ts';

/** nDCG@10 of `ts_rank` with a disjunction of the topic's words, on the documents as PostgreSQL stems them. */
export async function textRankQuality(database: SearchDatabase, collection: Collection): Promise<number> {
  await database.admin('CREATE TABLE text_rank (id text, words tsvector)');
  await database.admin(
    "INSERT INTO text_rank SELECT id, to_tsvector('english', body) FROM unnest($1::text[], $2::text[]) AS d(id, body)",
    [collection.documents.map(({ id }) => id), collection.documents.map(({ title, text }) => `${title} ${text}`)],
  );
  const metrics = [];
  for (const { id, text } of collection.topics) {
    const judgements = collection.judgements[id];
    if (!judgements) continue;
    const rows = await database.admin(
      `WITH query AS (SELECT replace(plainto_tsquery('english', $1)::text, '&', '|')::tsquery AS q)
       SELECT id FROM text_rank, query WHERE words @@ q ORDER BY ts_rank(words, q) DESC, id LIMIT 1000`,
      [text],
    );
    metrics.push(
      retrievalMetrics(
        rows.map((row) => row.id as string),
        judgements,
      ),
    );
  }
  return meanMetrics(metrics).ndcg_10;
}
