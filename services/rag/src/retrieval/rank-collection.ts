import type { Postgres } from '@genai-platform/common';
import { chooseLegs } from '@genai-platform/common/retrieval';
import type { Legs } from '@genai-platform/common/retrieval';
import { BM25 } from '../domain/collection-settings.ts';
import type { LexicalHit, LexicalIndex } from '../domain/lexical/lexical-index.ts';
import type { Caller } from '../store/caller.ts';
import type { CollectionRow } from '../store/collection-rows.ts';
import { nearest } from '../store/nearest-chunks.ts';
import type { Nearest, VectorMatch } from '../store/nearest-chunks.ts';
import { sampleOf } from './reach.ts';
import type { Reach } from './reach.ts';
import type { RetrieveRequest } from './retrieve-request.ts';
import type { SampleVectors } from './sample-vectors.ts';
import type { Stages } from './stages.ts';

/** Chunks of each leg whose agreement is looked at, and chunks that stand for all others. */
const TOP = 10;
const SAMPLE = 64;

/** A chunk that may be an answer, with what each leg says of it. */
export interface Ranked {
  readonly collection: CollectionRow;
  readonly number: number;
  /** BM25; absent where words were not looked at. */
  readonly lexical: number | undefined;
  /** Cosine; absent where there is no vector. */
  readonly vector: number | undefined;
}

/** A candidate with its place in the common ranking. */
export interface Scored extends Ranked {
  readonly score: number;
}

export interface CollectionRanking {
  readonly candidates: readonly Ranked[];
  readonly legs: Legs;
  /** How many chunks the request may find here. */
  readonly reach: number;
}

export interface RankInput {
  readonly db: Postgres;
  readonly caller: Caller;
  readonly request: RetrieveRequest;
  readonly collection: CollectionRow;
  readonly index: LexicalIndex;
  readonly reach: Reach;
  /** Of the query: each term with what it is worth. */
  readonly terms: ReadonlyMap<string, number>;
  /** Mean words of a chunk, of all collections that are asked. */
  readonly averageLength: number;
  readonly vector: ArrayLike<number> | undefined;
  readonly samples: SampleVectors;
  readonly stages: Stages;
  readonly signal: AbortSignal;
}

interface Words {
  readonly hits: readonly LexicalHit[];
  readonly best: number;
  readonly scoreOf: (ordinals: readonly number[]) => number[];
}

/** The candidates of one collection: the best of each leg, each with the scores of both. */
export async function rankCollection(input: RankInput): Promise<CollectionRanking> {
  const { request, index, stages, reach } = input;
  const words = await stages.run('lexical', (details) => {
    const found = searchWords(input);
    Object.assign(details, { terms: input.terms.size, hits: found.hits.length, chunks: reach.count });
    return found;
  });
  const hits = words.hits.map(({ ordinal, score }) => ({ number: index.documents.chunkNumber(ordinal), score }));
  const sample = sampleOf(index, reach, SAMPLE);
  const sampled = sample.map((ordinal) => index.documents.chunkNumber(ordinal));
  const vectors = await searchVectors(input, hits.map(({ number }) => number), sampled); // prettier-ignore
  const near = vectors?.matches ?? [];
  const scores = scoresByNumber(input, words, { hits, near, sample });
  const numbers = new Set([...hits.map(({ number }) => number), ...near.map(({ number }) => number)]);
  const candidates = Array.from(numbers, (number): Ranked => ({
    collection: input.collection,
    number,
    lexical: request.mode === 'vector' ? undefined : (scores.get(number) ?? 0),
    vector: vectors?.watched.get(number),
  }));
  const legs = judge(input, { hits, near, scores, sampled, best: words.best, vectors });
  return { candidates, legs, reach: reach.count };
}

function searchWords({ request, index, terms, averageLength, reach }: RankInput): Words {
  if (request.mode === 'vector' || terms.size === 0) return { hits: [], best: 0, scoreOf: (all) => all.map(() => 0) };
  const { visible, eligible } = reach;
  const query = { terms, averageLength, visible, eligible, limit: request.candidates, bm25: BM25 };
  const { hits, wordsOfBest } = index.search(query);
  return { hits, best: wordsOfBest, scoreOf: (ordinals) => index.scoresOf(query, ordinals) };
}

interface Vectors extends Nearest {
  /** Of the chunks that stand for all others, those that have vectors. */
  readonly sample: readonly number[];
}

async function searchVectors(
  input: RankInput,
  watch: readonly number[],
  sampled: readonly number[],
): Promise<Vectors | undefined> {
  const { db, caller, request, index, collection, vector, samples, stages, signal, reach } = input;
  const { space } = collection;
  if (vector === undefined || space === undefined || request.mode === 'lexical') return undefined;
  return await stages.run('vector', async (details) => {
    const { candidates: limit } = request;
    const query = { space, vector, limit, eligible: reach.numbers, total: index.documents.liveChunks, watch };
    const asking = { db, caller, signal };
    const [found, sample] = await Promise.all([
      nearest(asking, query),
      request.mode === 'vector' ? [] : samples.similarities(asking, space, sampled, vector),
    ]);
    Object.assign(details, { way: found.way, hits: found.matches.length, model: space.model });
    return { ...found, sample };
  });
}

interface Found {
  readonly hits: readonly { readonly number: number; readonly score: number }[];
  readonly near: readonly VectorMatch[];
  /** Ordinals. */
  readonly sample: readonly number[];
}

/** Word scores of all that the vectors have found and of the sample, beside those of the words' own hits. */
function scoresByNumber({ index }: RankInput, words: Words, { hits, near, sample }: Found): Map<number, number> {
  const scores = new Map(hits.map(({ number, score }) => [number, score]));
  const unknown = near.flatMap(({ number }) => (scores.has(number) ? [] : (index.documents.ordinalOf(number) ?? [])));
  const ordinals = [...unknown, ...sample];
  words.scoreOf(ordinals).forEach((score, i) => {
    scores.set(index.documents.chunkNumber(ordinals[i] as number), score);
  });
  return scores;
}

interface Judged {
  readonly hits: Found['hits'];
  readonly near: readonly VectorMatch[];
  readonly scores: ReadonlyMap<number, number>;
  readonly sampled: readonly number[];
  readonly best: number;
  readonly vectors: Vectors | undefined;
}

function judge({ request, terms, reach }: RankInput, judged: Judged): Legs {
  const { hits, near, scores, sampled, best, vectors } = judged;
  if (vectors === undefined) return 'lexical';
  if (request.mode === 'vector') return 'vector';
  const known = (numbers: readonly number[]): number[] =>
    numbers.flatMap((number) => vectors.watched.get(number) ?? []);
  const wordsOf = (numbers: readonly number[]): number[] => numbers.map((number) => scores.get(number) ?? 0);
  return chooseLegs({
    similaritiesOfLexicalTop: known(hits.slice(0, TOP).map(({ number }) => number)),
    similaritiesOfSample: vectors.sample,
    lexicalOfVectorTop: wordsOf(near.slice(0, TOP).map(({ number }) => number)),
    lexicalOfSample: wordsOf(sampled),
    similaritiesOfVectorTop: near.slice(0, TOP).map(({ similarity }) => similarity),
    documents: reach.count,
    words: terms.size,
    wordsOfLexicalBest: best,
  });
}
