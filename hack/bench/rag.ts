import { availableParallelism, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { startPostgres } from '@genai-platform/common/testing';
import { startRouter } from '../../services/llm-router/test/harness/start-router.ts';
import { createRagDatabase } from '../../services/rag/test/harness/rag-database.ts';
import { fillCollection, type EmbeddedDocument } from '../../services/rag/test/harness/fill-collection.ts';
import type { Found } from '../../services/rag/test/harness/start-rag.ts';
import { endProgress, sayProgress } from '../progress/counter.ts';
import { runClosedLoop } from './closed-loop.ts';
import { median, significant, type Figure } from './figure.ts';
import { CANDIDATES, measureGraph } from './rag-yardstick.ts';
import { MODEL, makeRagWorld, type RagWorld } from './rag-world.ts';
import { startServiceProcess, type ServiceProcess } from './service-process.ts';

const QUERIES = 500;
/** As a pod that has served for a while: code that has run a hundred times is still being compiled. */
const WARM_UP = 600;
const EMBEDDED = 150;
const FILTERED = 100;
const TOP = 10;
const PARALLEL = 8;
/** As the platform gives a server of 1 GiB; a graph that does not fit is read again and again. */
const SETTINGS = ['shared_buffers=256MB', 'effective_cache_size=512MB'];

/**
 * Hybrid retrieval over 100,000 chunks (or as many as the first argument says) of 384 dimensions over HTTP, with the
 * query's vector given, one query after another. What can be had of them are public texts with their real embeddings, the
 * others are made from these; the queries are real questions. The service is a process of its own; it, the database and
 * the load share the machine.
 */
export async function measureRag([count = '100000', data = '../shared/data']: readonly string[]): Promise<Figure[]> {
  // The engines' processes do not keep this one alive.
  const alive = setInterval(() => undefined, 1_000);
  const router = await startRouter();
  const server = await startPostgres({ dedicated: true, settings: SETTINGS });
  const database = await createRagDatabase(server);
  try {
    const world = await makeRagWorld(Number(count), resolve(data), router);
    await fillCollection(database, 'bench', world.documents, { model: MODEL, said: sayProgress });
    const service = await startServiceProcess({
      service: 'rag',
      database: { config: database.config, close: () => Promise.resolve() },
      env: { RAG_LLM_ROUTER_URL: router.url },
      identity: router.context.testIdentity,
    });
    try {
      return await measure(service, world, await measureGraph(database.config, vectorsOf(world)));
    } finally {
      await service.close();
    }
  } finally {
    endProgress();
    await database.close();
    await server.stop();
    await router.close();
    clearInterval(alive);
  }
}

function vectorsOf({ questions }: RagWorld): Float32Array[] {
  return questions.slice(0, QUERIES).map(({ vector }) => vector);
}

async function measure(service: ServiceProcess, world: RagWorld, graphP50Ms: number): Promise<Figure[]> {
  const retrieve = async (request: string): Promise<Found> =>
    (await service.send('POST', '/v1/rag/retrieve?trace=true', request)) as Found;
  return [
    ...(await latencies(retrieve, world, graphP50Ms)),
    ...(await withEmbedding(retrieve, world)),
    ...(await recalls(retrieve, world)),
  ];
}

type Retrieve = (request: string) => Promise<Found>;

function requestOf({ text, vector }: RagWorld['questions'][number], more: object = {}): string {
  return JSON.stringify({ query: text, vector: Array.from(vector), collections: ['bench'], top_k: TOP, ...more });
}

async function latencies(retrieve: Retrieve, world: RagWorld, graphP50Ms: number): Promise<Figure[]> {
  const requests = world.questions.map((question) => requestOf(question));
  const first = await runClosedLoop(requests.slice(0, 1), 1, async (request) => void (await retrieve(request)));
  await runClosedLoop(requests.slice(-WARM_UP), 1, async (request) => void (await retrieve(request)));
  const stages = new Map<string, number[]>();
  sayProgress('asking');
  const single = await runClosedLoop(requests.slice(0, QUERIES), 1, async (request) => {
    for (const { name, duration_ms: ms } of (await retrieve(request)).trace ?? []) {
      stages.set(name, [...(stages.get(name) ?? []), ms]);
    }
  });
  const loaded = await runClosedLoop(requests.slice(0, QUERIES), PARALLEL, async (request) => {
    await retrieve(request);
  });
  const yardstick = `pgvector's graph alone: its ${CANDIDATES} nearest by one statement over an open connection, p50 ${significant(graphP50Ms)} ms`;
  const unit = `ms, ${described(world)}`;
  return [
    { name: 'rag.p50_ms', value: significant(single.p50Ms), unit, yardstick, ratio: significant(single.p50Ms / graphP50Ms) }, // prettier-ignore
    { name: 'rag.p99_ms', value: significant(single.p99Ms), unit },
    ...Array.from(stages, ([stage, all]): Figure => ({
      name: `rag.stage_p50_ms.${stage}`,
      value: significant(median(all)),
      unit: 'ms, of the same queries',
    })),
    { name: 'rag.queries_per_second', value: significant(loaded.perSecond), unit: `queries/s, ${PARALLEL} at a time` },
    { name: 'rag.first_query_ms', value: significant(first.p50Ms), unit: 'ms, with the words read into memory' },
  ];
}

function described({ documents, real, questions }: RagWorld): string {
  const [load = 0] = loadavg();
  return `${documents.length} chunks of ${questions[0]?.vector.length ?? 0} dimensions (${real} real embeddings, ${documents.length - real} made from them), real questions, one at a time over HTTP, load average ${load.toFixed(1)} on ${availableParallelism()} processors`;
}

async function withEmbedding(retrieve: Retrieve, { questions }: RagWorld): Promise<Figure[]> {
  const requests = questions.slice(-EMBEDDED).map(({ text }) => JSON.stringify({ query: text, collections: ['bench'], top_k: TOP })); // prettier-ignore
  const { p50Ms, p99Ms } = await runClosedLoop(requests, 1, async (request) => void (await retrieve(request)));
  const unit = 'ms, with the question embedded by the embedded model of the router';
  return [
    { name: 'rag.with_embedding_p50_ms', value: significant(p50Ms), unit },
    { name: 'rag.with_embedding_p99_ms', value: significant(p99Ms), unit },
  ];
}

async function recalls(retrieve: Retrieve, world: RagWorld): Promise<Figure[]> {
  const figure = async (name: string, filter: object | undefined, passes: (i: number) => boolean): Promise<Figure> => {
    let found = 0;
    sayProgress(name);
    for (const question of world.questions.slice(0, FILTERED)) {
      const best = exact(world.documents, question.vector, passes);
      const { data } = await retrieve(requestOf(question, { mode: 'vector', ...(filter && { filter }) }));
      found += data.filter(({ document_id }) => best.has(document_id)).length;
    }
    const unit = 'recall at 10 against comparing all';
    return { name, value: significant(found / (FILTERED * TOP)), unit };
  };
  return [
    await figure('rag.filtered_recall', { op: 'eq', field: 'percent', value: 1 }, (i) => i % 100 === 1),
    await figure('rag.filtered_recall_5_percent', { op: 'eq', field: 'fifth', value: 1 }, (i) => i % 20 === 1),
    await figure('rag.unfiltered_recall', undefined, () => true),
  ];
}

function exact(
  documents: readonly EmbeddedDocument[],
  vector: Float32Array,
  passes: (i: number) => boolean,
): Set<string> {
  const scored: { id: string; score: number }[] = [];
  documents.forEach(({ id, vector: other }, i) => {
    if (!passes(i)) return;
    let score = 0;
    for (let k = 0; k < vector.length; k++) score += (vector[k] as number) * (other[k] as number);
    scored.push({ id, score });
  });
  scored.sort((a, b) => b.score - a.score);
  return new Set(scored.slice(0, TOP).map(({ id }) => id));
}
