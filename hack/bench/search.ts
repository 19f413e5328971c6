import { runClosedLoop } from './closed-loop.ts';
import { significant, type Figure } from './figure.ts';
import { generateCorpus, type CorpusDocument } from './search-corpus.ts';
import { createSearchDatabase } from '../../services/search/test/harness/search-database.ts';
import { startServiceProcess, type ServiceProcess } from './service-process.ts';
import { startTextRank } from './search-yardstick.ts';

const BATCH = 1_000;
const INDEXING_SENDERS = 2;
const QUERIES = 2_000;
const PARALLEL = 8;
const yardstick = "PostgreSQL's tsvector, GIN and ts_rank, the same documents and queries in the same run";

/**
 * Search over 100,000 generated documents (or as many as the argument says): indexing by NDJSON, then single queries
 * one after another for latency and 8 at a time for throughput. Service, database and load share the machine.
 */
export async function measureSearch([count = '100000']: readonly string[]): Promise<Figure[]> {
  const corpus = generateCorpus(Number(count), 1);
  const service = await startServiceProcess({ service: 'search', database: await createSearchDatabase() });
  const rival = await startTextRank(corpus.documents);
  try {
    const documentsPerSecond = await index(service, corpus.documents);
    const queries = Array.from({ length: QUERIES }, () => corpus.query());
    const search = async (q: string): Promise<void> => {
      await service.send('POST', '/v1/search/indexes/bench/search', JSON.stringify({ q }));
    };
    await runClosedLoop(queries.slice(0, 200), PARALLEL, search);
    const single = await runClosedLoop(queries, 1, search);
    const loaded = await runClosedLoop(queries.concat(queries), PARALLEL, search);
    const rivalSingle = await rival.measure(queries.slice(0, 300), 1);
    const rivalLoaded = await rival.measure(queries.slice(0, 600), PARALLEL);
    const figure = (name: string, value: number, unit: string, other: number): Figure => ({
      name: `search.${name}`,
      value: significant(value),
      unit,
      yardstick,
      ratio: significant(value / other),
    });
    return [
      figure('p50_ms', single.p50Ms, 'ms', rivalSingle.p50Ms),
      figure('p99_ms', single.p99Ms, 'ms', rivalSingle.p99Ms),
      figure('qps', loaded.perSecond, 'queries/s, 8 at a time', rivalLoaded.perSecond),
      figure('p99_ms_loaded', loaded.p99Ms, 'ms, 8 at a time', rivalLoaded.p99Ms),
      figure('index_docs_s', documentsPerSecond, 'documents/s', rival.documentsPerSecond),
      {
        name: 'search.memory_ratio',
        value: significant(service.residentBytes() / corpus.bytes),
        unit: 'resident bytes of the service / bytes of text',
      },
    ];
  } finally {
    await rival.close();
    await service.close();
  }
}

/** Sends all documents; returns how many a second were acknowledged, and by that found by searches. */
async function index(service: ServiceProcess, documents: readonly CorpusDocument[]): Promise<number> {
  const fields = {
    title: { type: 'text', weight: 2 },
    body: { type: 'text' },
    topic: { type: 'keyword' },
    year: { type: 'integer' },
  };
  await service.send('PUT', '/v1/search/indexes/bench', JSON.stringify({ fields }));
  const batches: string[] = [];
  for (let from = 0; from < documents.length; from += BATCH)
    batches.push(
      documents
        .slice(from, from + BATCH)
        .map(({ id, ...rest }) => `${JSON.stringify({ id, fields: rest })}\n`)
        .join(''),
    );
  const { perSecond } = await runClosedLoop(batches, INDEXING_SENDERS, async (batch) => {
    await service.send('POST', '/v1/search/indexes/bench/documents', batch, 'application/x-ndjson');
  });
  return perSecond * BATCH;
}
