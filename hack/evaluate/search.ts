/**
 * Quality of search on public collections: documents are indexed and topics asked through the service's own HTTP API
 * on a real PostgreSQL. Yardsticks of MAP and P@30 on CACM: BM25 with the Snowball stemmer and stop words in plain
 * Python 0.324, Anserini's BM25 0.194; of nDCG@10: PostgreSQL's ts_rank in the same run.
 */
import { basename } from 'node:path';
import { createSearchDatabase } from '../../services/search/test/harness/search-database.ts';
import { startSearch } from '../../services/search/test/harness/start-search.ts';
import type { TestSearch } from '../../services/search/test/harness/start-search.ts';
import type { Evaluation } from './evaluation.ts';
import { printFigure } from './figure.ts';
import { findCollections, readCollection } from './search-collection.ts';
import type { Collection } from './search-collection.ts';
import { textRankQuality } from './search-text-rank.ts';
import { withTypo } from './search-typos.ts';

const BATCH = 1_000;
const TYPO_SEEDS = [1, 2, 3, 4, 5];
const YARDSTICKS: Readonly<Record<string, { map: number; p30: number }>> = { cacm: { map: 0.324, p30: 0.194 } };
const SETTINGS = { fields: { title: { type: 'text' }, text: { type: 'text' } } };

interface Quality {
  average_precision: number;
  precision_30: number;
  ndcg_10: number;
}

export const evaluation: Evaluation = {
  folder: '.',
  run: async (data) => {
    const folders = findCollections(data);
    if (folders.length === 0) console.error(`evaluate search: skipped, no folder in ${data} holds topics and qrels.`);
    for (const folder of folders) await evaluateCollection(folder);
  },
};

async function evaluateCollection(folder: string): Promise<void> {
  const name = basename(folder);
  const suffix = name === 'cacm' ? '' : `.${name}`;
  const collection = readCollection(folder, { prose: true });
  const database = await createSearchDatabase();
  const service = await startSearch(database);
  try {
    await index(service, 'prose', collection);
    const quality = await measure(service, 'prose', collection);
    printFigure(`search.map${suffix}`, quality.average_precision, 'mean average precision', YARDSTICKS[name]?.map);
    printFigure(`search.p30${suffix}`, quality.precision_30, 'precision at 30', YARDSTICKS[name]?.p30);
    printFigure(`search.ndcg10${suffix}`, quality.ndcg_10, 'nDCG at 10', await textRankQuality(database, collection));
    const kept = async (typo: boolean): Promise<number> =>
      (await misspeltNdcg(service, collection, typo)) / quality.ndcg_10;
    const unit = 'nDCG with one typing error per query / without; yardstick: without correction';
    printFigure(`search.typo_ndcg_kept${suffix}`, await kept(true), unit, await kept(false));
    const whole = readCollection(folder, { prose: false });
    await index(service, 'whole', whole);
    const { average_precision: map } = await measure(service, 'whole', whole);
    printFigure(
      `search.map_whole_files${suffix}`,
      map,
      'mean average precision, lines without letters indexed too',
      YARDSTICKS[name]?.map,
    );
  } finally {
    await service.close();
    await database.close();
  }
}

async function index(service: TestSearch, name: string, { documents }: Collection): Promise<void> {
  await service.putIndex(name, SETTINGS);
  for (let from = 0; from < documents.length; from += BATCH)
    await service.putDocuments(
      name,
      documents.slice(from, from + BATCH).map(({ id, title, text }) => ({ id, fields: { title, text } })),
    );
}

/** The mean over several ways to misspell every query. */
async function misspeltNdcg(service: TestSearch, collection: Collection, typo: boolean): Promise<number> {
  let sum = 0;
  for (const seed of TYPO_SEEDS) sum += (await measure(service, 'prose', misspelt(collection, seed), { typo })).ndcg_10;
  return sum / TYPO_SEEDS.length;
}

async function measure(
  service: TestSearch,
  name: string,
  { topics, judgements }: Collection,
  search: object = {},
): Promise<Quality> {
  const queries = topics.map(({ id, text }) => ({ id, q: text }));
  const json = { queries, qrels: judgements, search };
  const response = await service.fetch(`/v1/search/indexes/${name}/evaluate`, { json });
  if (!response.ok) throw new Error(`evaluate: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { mean: Quality }).mean;
}

function misspelt(collection: Collection, seed: number): Collection {
  const topics = collection.topics.map(({ id, text }, i) => ({ id, text: withTypo(text, seed * 1_000 + i) }));
  return { ...collection, topics };
}
