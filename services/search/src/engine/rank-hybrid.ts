import { chooseLegs, fuse } from '@genai-platform/common/retrieval';
import type { Bitset, Candidate, Legs } from '@genai-platform/common/retrieval';
import { searchLexical } from '../domain/lexical-search.ts';
import type { RankedQuery, RankedResult } from '../domain/lexical-search.ts';
import type { Hit } from '../domain/results/top-hits.ts';
import type { VectorMatch } from '../store/vectors.ts';
import { openVectorSearch, pageOf } from './rank-vector.ts';
import type { Ranking, RankingInput } from './ranking.ts';

/** Documents of each leg whose agreement is looked at, and documents that stand for all others. */
const TOP = 10;
const SAMPLE = 64;

/** Ranks by words and by vectors, completes both legs' scores for all candidates, and fuses them. */
export async function rankHybrid(input: RankingInput): Promise<Ranking> {
  const { request, query, context } = input;
  const depth = Math.max(request.hybrid.candidates, request.limit + 1);
  const search = await openVectorSearch(input);
  const nearest = await search.nearest(depth);
  const sample = spread(search.eligible, Math.min(input.before, context.snapshot.nextNumber));
  const lexical = await rankWords(input, depth, [...nearest.map(({ number }) => number), ...sample]);
  // A query without words orders nothing: its hits are not a ranking.
  const hits = query.clauses ? lexical.hits : [];
  const words = new Map([...hits.map(({ number, score }) => [number, score] as const), ...lexical.watched]);
  const known = new Map(nearest.map(({ number, similarity }) => [number, similarity]));
  const unknown = [...hits.map(({ number }) => number), ...sample].filter((number) => !known.has(number));
  const similarities = new Map([...known, ...(await search.similarities(unknown))]);
  const legs = request.hybrid.guard
    ? judge({ query, hits, words, nearest, sample, similarities, eligible: search.eligible })
    : 'both';
  const { method, vector_weight } = fusionOptions(input, legs);
  const numbers = new Set([...hits.map(({ number }) => number), ...nearest.map(({ number }) => number)]);
  const candidates = [...numbers].map((number): Candidate => ({
    number,
    lexical: words.get(number) ?? 0,
    vector: similarities.get(number),
  }));
  const ranked = fuse(candidates, { method, vectorWeight: vector_weight }).map(({ number, score, ...scores }) => ({
    number,
    score,
    keys: [],
    legs: { lexical: scores.lexical ?? null, vector: scores.vector ?? null },
  }));
  return {
    ...pageOf(ranked, input),
    total: ranked.length,
    facets: lexical.facets,
    query: { ...query, idfs: lexical.idfs },
    fusion: { method, vector_weight, guard: legs },
  };
}

function rankWords(
  { checked, query, before, context }: RankingInput,
  limit: number,
  watch: readonly number[],
): Promise<RankedResult> {
  const { visible, parts, snapshot } = context;
  const options = { ...checked, before, sort: [], limit, watch };
  return searchLexical(query, options, { visible, parts, settings: snapshot.settings });
}

function fusionOptions(
  { request, context }: RankingInput,
  legs: Legs,
): { method: 'mixture' | 'rrf'; vector_weight: number } {
  const { hybrid } = context.snapshot.settings;
  const weight = request.hybrid.vector_weight ?? hybrid.vector_weight;
  return {
    method: request.hybrid.method ?? hybrid.method,
    vector_weight: legs === 'both' ? weight : Number(legs === 'vector'),
  };
}

interface Judged {
  readonly query: RankedQuery;
  readonly hits: readonly Hit[];
  /** Scores by words; a document that holds none of them is missing and has 0. */
  readonly words: ReadonlyMap<number, number>;
  readonly nearest: readonly VectorMatch[];
  readonly sample: readonly number[];
  readonly similarities: ReadonlyMap<number, number>;
  readonly eligible: Bitset;
}

function judge({ query, hits, words, nearest, sample, similarities, eligible }: Judged): Legs {
  const known = (numbers: readonly number[]): number[] =>
    numbers.map((number) => similarities.get(number)).filter((similarity) => similarity !== undefined);
  const nearestNumbers = nearest.slice(0, TOP).map(({ number }) => number);
  return chooseLegs({
    similaritiesOfLexicalTop: known(hits.slice(0, TOP).map(({ number }) => number)),
    similaritiesOfSample: known(sample),
    lexicalOfVectorTop: nearestNumbers.map((number) => words.get(number) ?? 0),
    lexicalOfSample: sample.map((number) => words.get(number) ?? 0),
    similaritiesOfVectorTop: nearest.slice(0, TOP).map(({ similarity }) => similarity),
    documents: eligible.count(),
    words: query.clauses?.length ?? 0,
    wordsOfLexicalBest: hits[0]?.words ?? 0,
  });
}

/** Numbers taken evenly from a set: the same set gives the same sample, so that pages agree. */
function spread(eligible: Bitset, before: number): number[] {
  const numbers: number[] = [];
  eligible.forEach((number) => {
    if (number < before) numbers.push(number);
  });
  if (numbers.length <= SAMPLE) return numbers;
  return Array.from({ length: SAMPLE }, (_unused, i) => numbers[Math.floor((i * numbers.length) / SAMPLE)] as number);
}
