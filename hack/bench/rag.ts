import { performance } from 'node:perf_hooks';
import { createRagDatabase } from '../../services/rag/test/harness/rag-database.ts';
import { fillCollection } from '../../services/rag/test/harness/fill-collection.ts';
import type { EmbeddedDocument } from '../../services/rag/test/harness/fill-collection.ts';
import { startRag } from '../../services/rag/test/harness/start-rag.ts';
import { significant, type Figure } from './figure.ts';
import { generateCorpus } from './search-corpus.ts';

const DIMENSIONS = 384;
const TOPICS = 500;
const QUERIES = 500;
const WARM_UP = 50;
const FILTERED = 100;
const TOP = 10;

/**
 * Hybrid retrieval over 100,000 chunks (or as many as the argument says) of generated text and 384 dimensions, with the
 * query's vector given, one query after another over HTTP. Vectors are generated: 500 topics, each a cloud of its own, as
 * real embeddings lie in clouds. Service, database and load share the machine; what the processor's load was is said.
 */
export async function measureRag([count = '100000']: readonly string[]): Promise<Figure[]> {
  const random = generator(7);
  const centres = Array.from({ length: TOPICS }, () => gaussian(random));
  const corpus = generateCorpus(Number(count), 1);
  const documents = corpus.documents.map(({ id, body }, i): EmbeddedDocument => ({
    id: `doc_${id}`,
    text: body,
    vector: near(centres[i % TOPICS] as Float32Array, random),
    metadata: { percent: i % 100, fifth: i % 20 },
  }));
  const database = await createRagDatabase();
  await fillCollection(database, 'bench', documents);
  const service = await startRag(database);
  try {
    const query = (): object => ({
      query: corpus.query(),
      vector: Array.from(near(centres[Math.floor(random() * TOPICS)] as Float32Array, random)),
      collections: ['bench'],
      top_k: TOP,
    });
    const firstMs = await timed(() => service.retrieve(query()));
    for (let i = 0; i < WARM_UP; i++) await service.retrieve(query());
    const times: number[] = [];
    for (let i = 0; i < QUERIES; i++) {
      const asked = query();
      times.push(await timed(() => service.retrieve(asked)));
    }
    times.sort((a, b) => a - b);
    const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
    const load = `ms, ${count} chunks of ${DIMENSIONS} dimensions, all vectors generated, one query at a time`;
    const recall = async (filter: object, passes: (i: number) => boolean): Promise<number> => {
      let found = 0;
      for (let i = 0; i < FILTERED; i++) {
        const vector = near(centres[i] as Float32Array, random);
        const best = exact(documents, vector, passes);
        const asked = {
          query: 'x',
          vector: Array.from(vector),
          collections: ['bench'],
          mode: 'vector',
          top_k: TOP,
          filter,
        };
        const { data } = await service.retrieve(asked);
        found += data.filter(({ document_id }) => best.has(document_id)).length;
      }
      return found / (FILTERED * TOP);
    };
    return [
      { name: 'rag.p50_ms', value: significant(at(0.5)), unit: load },
      { name: 'rag.p99_ms', value: significant(at(0.99)), unit: load },
      { name: 'rag.first_query_ms', value: significant(firstMs), unit: 'ms, with the words read into memory' },
      {
        name: 'rag.filtered_recall',
        value: significant(await recall({ op: 'eq', field: 'percent', value: 1 }, (i) => i % 100 === 1)),
        unit: 'recall at 10 against comparing all, filter that 1 % pass',
      },
      {
        name: 'rag.filtered_recall_5',
        value: significant(await recall({ op: 'eq', field: 'fifth', value: 1 }, (i) => i % 20 === 1)),
        unit: 'recall at 10 against comparing all, filter that 5 % pass',
      },
      {
        name: 'rag.recall',
        value: significant(await recall({ op: 'gte', field: 'percent', value: 0 }, () => true)),
        unit: 'recall at 10 against comparing all, filter that all pass',
      },
    ];
  } finally {
    await service.close();
    await database.close();
  }
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
