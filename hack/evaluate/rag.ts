/**
 * Quality of retrieval and answers, through the service's own HTTP API on a real PostgreSQL, with the embedded encoder.
 * Vectors are kept in `.hack`, so that a second run embeds nothing anew. Questions in SQuAD's format (answers are spans of paragraphs), and test collections with topics and judgements.
 * Yardsticks, measured in plain Python with the same encoder: a mixture of BM25 and vectors on xquad 0.9555 and 0.995, on
 * CACM 0.379; a threshold on the score refuses 0.79 of the questions whose paragraph was left out at 0.1 false refusals.
 */
import { startRouter } from '../../services/llm-router/test/harness/start-router.ts';
import { createRagDatabase } from '../../services/rag/test/harness/rag-database.ts';
import { startRag } from '../../services/rag/test/harness/start-rag.ts';
import type { TestRag } from '../../services/rag/test/harness/start-rag.ts';
import type { Evaluation } from './evaluation.ts';
import { endProgress, sayProgress } from '../progress/counter.ts';
import { startEmbeddingCache } from './embedding-cache.ts';
import { printFigure } from './figure.ts';
import { measureAnswers } from './rag-answers.ts';
import { measureGenerated } from './rag-generated.ts';
import { findQuestions, readQuestions } from './rag-questions.ts';
import type { Question } from './rag-questions.ts';
import { findCollections, readCollection } from './search-collection.ts';
import type { Collection } from './search-collection.ts';

const MODES = ['hybrid', 'lexical', 'vector'] as const;
/** Documents that are sent at the same time, and that the service takes in at the same time. */
const SENDERS = 16;
const WORKERS = 8;

export const evaluation: Evaluation = {
  folder: '.',
  run: async (data) => {
    // The engines' processes do not keep this one alive.
    const alive = setInterval(() => undefined, 1_000);
    const [router, database] = await Promise.all([startRouter(), createRagDatabase()]);
    const cache = await startEmbeddingCache(() => Promise.resolve(router.url));
    const service = await startRag(database, {
      RAG_LLM_ROUTER_URL: cache.url,
      RAG_INGESTION_WORKERS: WORKERS,
      IDENTITY_KEY_FILE: router.context.testIdentity.keyFile,
    });
    try {
      for (const folder of findCollections(data))
        await measureCollection(service, readCollection(folder, { prose: true }));
      for (const file of findQuestions(data)) await measureQuestions(service, file, data);
    } finally {
      endProgress();
      await service.close();
      await Promise.all([router.close(), database.close(), cache.close()]);
      clearInterval(alive);
    }
  },
};

async function measureQuestions(service: TestRag, file: string, data: string): Promise<void> {
  const { paragraphs, questions } = readQuestions(file);
  await fill(service, 'squad', paragraphs.map((text, i) => ({ id: `p${i}`, text, metadata: { p: i } }))); // prettier-ignore
  const ranks = new Map<string, number[]>();
  for (const mode of MODES) {
    sayProgress(`${questions.length} questions, ${mode}`);
    ranks.set(mode, await ranksOf(service, questions, mode));
  }
  const share = (mode: string, within: number): number => {
    const all = ranks.get(mode) ?? [];
    return all.filter((rank) => rank < within).length / all.length;
  };
  printFigure(
    'rag.hit1',
    share('hybrid', 1),
    `of ${questions.length} questions, those whose paragraph is first`,
    0.9555,
  );
  printFigure('rag.hit5', share('hybrid', 5), `of ${questions.length} questions, those whose paragraph is among five`, 0.995); // prettier-ignore
  printFigure('rag.hit1_lexical', share('lexical', 1), 'the same by words alone', 0.926);
  printFigure('rag.hit1_vector', share('vector', 1), 'the same by vectors alone', 0.899);
  const better = Math.max(share('lexical', 1), share('vector', 1));
  printFigure(
    'rag.hit1_over_better_leg',
    share('hybrid', 1) - better,
    'difference to the better of words and vectors alone',
  );
  await measureAnswers(service, questions, data);
  await measureGenerated(service, questions, data);
}

async function ranksOf(service: TestRag, questions: readonly Question[], mode: string): Promise<number[]> {
  const ranks: number[] = [];
  for (const { text, paragraph } of questions) {
    const { data } = await service.retrieve({ query: text, collections: ['squad'], mode, top_k: 20 });
    const documents = [...new Set(data.map(({ external_id }) => external_id))];
    const rank = documents.indexOf(`p${paragraph}`);
    ranks.push(rank < 0 ? Infinity : rank);
  }
  return ranks;
}

async function measureCollection(service: TestRag, { documents, topics, judgements }: Collection): Promise<void> {
  await fill(service, 'judged', documents.map(({ id, title, text }) => ({ id, text: `${title}\n\n${text}`, metadata: {} }))); // prettier-ignore
  const averages = new Map<string, number>();
  for (const mode of MODES) {
    sayProgress(`${topics.length} topics, ${mode}`);
    let [sum, count] = [0, 0];
    for (const { id, text } of topics) {
      const relevant = new Set(
        Object.entries(judgements[id] ?? {}).flatMap(([document, grade]) => (grade > 0 ? [document] : [])),
      );
      if (relevant.size === 0) continue;
      count += 1;
      sum += averagePrecision(await service.rank('judged', text, mode), relevant);
    }
    averages.set(mode, sum / count);
  }
  const [hybrid = 0, lexical = 0, vector = 0] = MODES.map((mode) => averages.get(mode));
  printFigure(
    'rag.map',
    hybrid,
    `mean average precision, ${topics.length} topics, ${documents.length} documents`,
    0.379,
  );
  printFigure('rag.map_lexical', lexical, 'the same by words alone');
  printFigure('rag.map_vector', vector, 'the same by vectors alone');
  printFigure(
    'rag.map_over_better_leg',
    hybrid - Math.max(lexical, vector),
    'difference to the better of words and vectors alone',
  );
}

function averagePrecision(ranking: readonly string[], relevant: ReadonlySet<string>): number {
  let [found, sum] = [0, 0];
  ranking.forEach((id, i) => {
    if (!relevant.has(id)) return;
    found += 1;
    sum += found / (i + 1);
  });
  return sum / relevant.size;
}

async function fill(
  service: TestRag,
  name: string,
  documents: readonly { id: string; text: string; metadata: object }[],
): Promise<void> {
  await service.collection(name);
  const left = [...documents];
  const send = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      sayProgress(`${name}: ${left.length} of ${documents.length} documents left`);
      if (next.text.trim() !== '') await service.add(name, { format: 'text', ...next });
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
}
