import { availableParallelism, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { createRagDatabase } from '../../services/rag/test/harness/rag-database.ts';
import { fillCollection } from '../../services/rag/test/harness/fill-collection.ts';
import type { EmbeddedDocument } from '../../services/rag/test/harness/fill-collection.ts';
import { startRag } from '../../services/rag/test/harness/start-rag.ts';
import type { TestRag } from '../../services/rag/test/harness/start-rag.ts';
import { significant, type Figure } from './figure.ts';
import { generateCorpus } from './search-corpus.ts';

const DIMENSIONS = 384;
const TOPICS = 500;
const QUERIES = 500;
const WARM_UP = 50;
const FILTERED = 100;
const TOP = 10;

interface World {
  readonly documents: readonly EmbeddedDocument[];
  /** A point near one of the topics, by number or any. */
  readonly vector: (topic?: number) => Float32Array;
  /** A request with words and a vector. */
  readonly request: () => object;
}

/**
 * Hybrid retrieval over 100,000 chunks (or as many as the argument says) of generated text and 384 dimensions, with the
 * query's vector given, one query after another over HTTP. Vectors are generated: 500 topics, each a cloud of its own, as
 * real embeddings lie in clouds. Service, database and load share the machine.
 */
export async function measureRag([count = '100000']: readonly string[]): Promise<Figure[]> {
  const world = makeWorld(Number(count));
  const database = await createRagDatabase();
  await fillCollection(database, 'bench', world.documents);
  const service = await startRag(database);
  try {
    return [...(await latencies(service, world)), ...(await recalls(service, world))];
  } finally {
    await service.close();
    await database.close();
  }
}

function makeWorld(count: number): World {
  const random = generator(7);
  const centres = Array.from({ length: TOPICS }, () => gaussian(random));
  const corpus = generateCorpus(count, 1);
  const vector = (topic = Math.floor(random() * TOPICS)): Float32Array => near(centres[topic] as Float32Array, random);
  const documents = corpus.documents.map(({ id, body }, i): EmbeddedDocument => ({
    id: `doc_${id}`,
    text: body,
    vector: vector(i % TOPICS),
    metadata: { percent: i % 100, fifth: i % 20 },
  }));
  const request = (): object => ({
    query: corpus.query(),
    vector: Array.from(vector()),
    collections: ['bench'],
    top_k: TOP,
  });
  return { documents, vector, request };
}

async function latencies(service: TestRag, { documents, request }: World): Promise<Figure[]> {
  const firstMs = await timed(() => service.retrieve(request()));
  for (let i = 0; i < WARM_UP; i++) await service.retrieve(request());
  const times: number[] = [];
  for (let i = 0; i < QUERIES; i++) {
    const asked = request();
    times.push(await timed(() => service.retrieve(asked)));
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number => significant(times[Math.floor(times.length * share)] ?? 0);
  const [load = 0] = loadavg();
  const unit = `ms, ${documents.length} chunks of ${DIMENSIONS} dimensions, all vectors generated, one query at a time, load average ${load.toFixed(1)} on ${availableParallelism()} processors`;
  return [
    { name: 'rag.p50_ms', value: at(0.5), unit },
    { name: 'rag.p99_ms', value: at(0.99), unit },
    { name: 'rag.first_query_ms', value: significant(firstMs), unit: 'ms, with the words read into memory' },
  ];
}

async function recalls(service: TestRag, world: World): Promise<Figure[]> {
  const figure = async (name: string, filter: object, passes: (i: number) => boolean): Promise<Figure> => {
    let found = 0;
    for (let i = 0; i < FILTERED; i++) {
      const vector = world.vector(i);
      const best = exact(world.documents, vector, passes);
      const asked = {
        query: 'x',
        vector: Array.from(vector),
        collections: ['bench'],
        mode: 'vector',
        top_k: TOP,
        filter,
      };
      found += (await service.retrieve(asked)).data.filter(({ document_id }) => best.has(document_id)).length;
    }
    const unit = 'recall at 10 against comparing all';
    return { name, value: significant(found / (FILTERED * TOP)), unit };
  };
  return [
    await figure('rag.filtered_recall', { op: 'eq', field: 'percent', value: 1 }, (i) => i % 100 === 1),
    await figure('rag.filtered_recall_5_percent', { op: 'eq', field: 'fifth', value: 1 }, (i) => i % 20 === 1),
    await figure('rag.unfiltered_recall', { op: 'gte', field: 'percent', value: 0 }, () => true),
  ];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
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
    for (let k = 0; k < DIMENSIONS; k++) score += (vector[k] as number) * (other[k] as number);
    scored.push({ id, score });
  });
  scored.sort((a, b) => b.score - a.score);
  return new Set(scored.slice(0, TOP).map(({ id }) => id));
}

/** A point of the cloud around a centre, on the unit sphere. */
function near(centre: Float32Array, random: () => number): Float32Array {
  const spread = gaussian(random);
  return unit(centre.map((value, i) => value + 0.8 * (spread[i] as number)));
}

function gaussian(random: () => number): Float32Array {
  return unit(
    Float32Array.from(
      { length: DIMENSIONS },
      () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
    ),
  );
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / length);
}

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
