import { AppError } from '@genai-platform/common';
import type { Logger, Postgres } from '@genai-platform/common';
import { fuse, inverseDocumentFrequency } from '@genai-platform/common/retrieval';
import type { Legs } from '@genai-platform/common/retrieval';
import { wordsOf } from '../domain/lexical/chunk-words.ts';
import type { LexicalIndex } from '../domain/lexical/lexical-index.ts';
import type { Embedder } from '../platform/embedder.ts';
import type { Reranker } from '../platform/reranker.ts';
import type { Caller } from '../store/caller.ts';
import type { ChunkRow } from '../store/chunk-rows.ts';
import { requireCollections, touchCollection } from '../store/collection-rows.ts';
import type { CollectionRow } from '../store/collection-rows.ts';
import type { Analyzers } from './analyzers.ts';
import { arrange } from './arrange.ts';
import { KnownCollections, areSame } from './known-collections.ts';
import type { LexicalIndexes } from './lexical-indexes.ts';
import { rankCollection } from './rank-collection.ts';
import { reachOf } from './reach.ts';
import type { Reach } from './reach.ts';
import type { CollectionRanking, Ranked, Scored } from './rank-collection.ts';
import { readRanked } from './read-ranked.ts';
import type { RetrieveRequest } from './retrieve-request.ts';
import type { SampleVectors } from './sample-vectors.ts';
import type { Stages } from './stages.ts';
import type { WarmUp } from './warm-up.ts';

/** A passage that was found. */
export interface Passage {
  readonly chunk: ChunkRow;
  readonly collection: CollectionRow;
  /** Comparable within one result. */
  readonly score: number;
  readonly lexical: number | undefined;
  readonly vector: number | undefined;
  readonly rerank: number | undefined;
}

export interface Retrieval {
  readonly passages: readonly Passage[];
  /** What the query's legs were worth. */
  readonly legs: Legs;
  /** What reranked: a model, or the encoder's similarity. */
  readonly reranker: string | undefined;
  /** What went without: the words say why. */
  readonly warnings: readonly string[];
  /** How rare each term of the query is among what may be found. */
  readonly worth: ReadonlyMap<string, number>;
  /** Of the query, where it was embedded. */
  readonly vector: ArrayLike<number> | undefined;
  readonly collections: readonly CollectionRow[];
}

export interface RetrieverParts {
  readonly db: Postgres;
  readonly log: Logger;
  readonly indexes: LexicalIndexes;
  readonly analyzers: Analyzers;
  readonly embedder: Embedder;
  readonly reranker: Reranker;
  readonly samples: SampleVectors;
  readonly warmUp: WarmUp;
}

/** Chunks of which the texts are fetched beyond what is wanted: some may be removed in this very moment. */
const SPARE = 5;

/** Finds passages by words and vectors together. */
export class Retriever {
  readonly #parts: RetrieverParts;
  readonly #known = new KnownCollections();

  constructor(parts: RetrieverParts) {
    this.#parts = parts;
  }

  /** @throws AppError 404 for a collection that is not there, 400 for a vector that does not fit */
  async retrieve(caller: Caller, request: RetrieveRequest, stages: Stages, signal: AbortSignal): Promise<Retrieval> {
    const names = request.collections;
    const found = stages.run('collections', () => this.#collections(caller, request, signal));
    const expected = this.#known.expected(caller, names);
    const early = expected && this.#search(caller, request, { collections: expected, stages, signal });
    // Nobody may be waiting for it when it fails.
    early?.catch(() => undefined);
    const collections = await found;
    this.#known.note(caller, names, collections);
    if (early && expected && areSame(expected, collections)) return await early;
    return await this.#search(caller, request, { collections, stages, signal });
  }

  async #search(caller: Caller, request: RetrieveRequest, { collections, stages, signal }: Place): Promise<Retrieval> {
    const warnings: string[] = [];
    const vectors = await this.#vectors(caller, request, { collections, stages, signal, warnings });
    const asked = await stages.run('index', () => this.#askedIndexes(caller, request, collections));
    const rankings: CollectionRanking[] = [];
    const { weighed, worth } = weigh(asked);
    for (const one of weighed) {
      const { space } = one.collection;
      const vector = space && vectors.get(space.model);
      rankings.push(await rankCollection({ ...this.#parts, ...one, caller, request, vector, stages, signal }));
    }
    const legs = commonLegs(rankings.map((ranking) => ranking.legs));
    const scored = await stages.run('fusion', (details) => {
      details['legs'] = legs;
      return fused(
        rankings.flatMap(({ candidates }) => candidates),
        request,
        legs,
      );
    });
    const [vector] = vectors.values();
    const context = { ...this.#parts, caller, request, stages, signal, warnings };
    const { order, reranker, scores } = await arrange(context, scored);
    const passages = await stages.run('passages', () =>
      this.#read(caller, order.slice(0, request.limit + SPARE), scores, signal),
    );
    return { passages: passages.slice(0, request.limit), legs, reranker, warnings, worth, vector, collections };
  }

  async #collections(
    caller: Caller,
    { collections: names }: RetrieveRequest,
    signal: AbortSignal,
  ): Promise<CollectionRow[]> {
    const { db } = this.#parts;
    const rows = await requireCollections(db, caller, names, signal);
    const ending = rows.filter(({ expireAfterDays }) => expireAfterDays !== null);
    for (const { key } of ending) {
      await db.withTransaction({ identity: caller, signal }, (tx) => touchCollection(tx, caller, key));
    }
    return [...new Set(rows)];
  }

  async #askedIndexes(
    caller: Caller,
    request: RetrieveRequest,
    collections: readonly CollectionRow[],
  ): Promise<Asked[]> {
    const asked: Asked[] = [];
    for (const collection of collections) {
      const index = await this.#parts.indexes.get(caller, collection);
      this.#parts.warmUp.note(caller, collection);
      const reach = reachOf(index, request.principals, request.filter);
      const analyzer = await this.#parts.analyzers.get(collection.settings.language);
      asked.push({ collection, index, reach, counts: wordsOf(analyzer, request.query).counts });
    }
    return asked;
  }

  /** The query's vector for each model. Where no model answers, hybrid retrieval goes by words, and says so. */
  async #vectors(
    caller: Caller,
    request: RetrieveRequest,
    given: Place & { readonly warnings: string[] },
  ): Promise<Map<string, ArrayLike<number>>> {
    const { collections, stages, signal, warnings } = given;
    const spaces = collections.flatMap(({ space }) => space ?? []);
    if (request.mode === 'lexical') return new Map();
    if (request.vector !== undefined) return givenVector(request.vector, spaces);
    const vectors = new Map<string, ArrayLike<number>>();
    for (const model of new Set(spaces.map((space) => space.model))) {
      try {
        vectors.set(
          model,
          await stages.run('embedding', (details) => {
            details['model'] = model;
            return this.#parts.embedder.query(caller, request.query, { model, signal });
          }),
        );
      } catch (error) {
        if (request.mode === 'vector' || signal.aborted || !(error instanceof AppError)) throw error;
        this.#parts.log.warn({ error, model }, 'a query could not be embedded: words alone are searched');
        warnings.push(`the query could not be embedded by ${model}: found by words alone`);
      }
    }
    return vectors;
  }

  async #read(
    caller: Caller,
    order: readonly Scored[],
    reranked: ReadonlyMap<Scored, number>,
    signal: AbortSignal,
  ): Promise<Passage[]> {
    const chunks = await readRanked(this.#parts.db, caller, order, signal);
    return Array.from(chunks, ([scored, chunk]) => {
      const { collection, score, lexical, vector } = scored;
      return { chunk, collection, score, lexical, vector, rerank: reranked.get(scored) };
    });
  }
}

/** Where is searched. */
interface Place {
  readonly collections: readonly CollectionRow[];
  readonly stages: Stages;
  readonly signal: AbortSignal;
}

/** A collection with the words that are looked for there. */
interface Asked {
  readonly collection: CollectionRow;
  readonly index: LexicalIndex;
  readonly reach: Reach;
  /** How often each term stands in the query. */
  readonly counts: ReadonlyMap<string, number>;
}

interface Weighed extends Asked {
  /** What each term is worth: how rare it is, times how often it stands in the query. */
  readonly terms: ReadonlyMap<string, number>;
  readonly averageLength: number;
}

/** What each term is worth, by the statistics of all collections together: so that their scores can be compared. */
function weigh(asked: readonly Asked[]): { weighed: Weighed[]; worth: Map<string, number> } {
  const chunks = asked.reduce((sum, { reach }) => sum + reach.seen.chunks, 0);
  const length = asked.reduce((sum, { reach }) => sum + reach.seen.length, 0);
  const averageLength = chunks === 0 ? 0 : length / chunks;
  const matching = new Map<string, number>();
  for (const { index, reach, counts } of asked) {
    for (const term of counts.keys()) matching.set(term, (matching.get(term) ?? 0) + index.count(term, reach.visible));
  }
  const worth = new Map(Array.from(matching, ([term, count]) => [term, inverseDocumentFrequency(chunks, count)]));
  const weighed = asked.map((one) => ({
    ...one,
    averageLength,
    terms: new Map(Array.from(one.counts, ([term, count]) => [term, count * (worth.get(term) ?? 0)])),
  }));
  return { weighed, worth };
}

function givenVector(
  vector: readonly number[],
  spaces: readonly { readonly model: string; readonly dimensions: number }[],
): Map<string, ArrayLike<number>> {
  const wrong = spaces.find(({ dimensions }) => dimensions !== vector.length);
  if (wrong === undefined) return new Map(spaces.map(({ model }) => [model, vector]));
  throw new AppError('RAG_VECTOR_UNFIT', {
    status: 400,
    detail: `the vector has ${vector.length} dimensions; vectors of ${wrong.model} have ${wrong.dimensions}`,
    pointer: '/vector',
  });
}

/** A leg that says something for one collection is not left out for another: their scores are compared. */
function commonLegs(all: readonly Legs[]): Legs {
  const [first = 'both'] = all;
  return all.every((legs) => legs === first) ? first : 'both';
}

function fused(candidates: readonly Ranked[], request: RetrieveRequest, legs: Legs): Scored[] {
  const [first] = candidates;
  const share = request.vectorWeight ?? first?.collection.settings.vector_weight ?? 0.5;
  const vectorWeight = legs === 'both' ? share : Number(legs === 'vector');
  const numbered = candidates.map(({ lexical, vector }, number) => ({ number, lexical: lexical ?? 0, vector }));
  return fuse(numbered, { method: 'mixture', vectorWeight })
    .filter(({ lexical, vector }) => legs !== 'lexical' || vector === undefined || (lexical ?? 0) > 0)
    .map(({ number, score }) => ({ ...(candidates[number] as Ranked), score }));
}
