import { Bitset, inverseDocumentFrequency, lengthNorm } from '@genai-platform/common/retrieval';
import type { Bm25 } from '@genai-platform/common/retrieval';
import type { Lengths } from '../segment/lengths.ts';
import type { Scores } from '../results/collector.ts';
import type { FieldPostings } from './clause-postings.ts';
import { MatchArena } from './match-arena.ts';
import type { MatchRange } from './match-arena.ts';
import type { CollectionStatistics } from './statistics.ts';

/** What a query needs of one segment. */
export interface SegmentInput {
  readonly documents: number;
  /** Documents that exist for the searcher. */
  readonly mask: Bitset | undefined;
  /** Documents that pass the filter; all where undefined. Does not change statistics. */
  readonly filter: Bitset | undefined;
  readonly clauses: readonly (readonly FieldPostings[])[];
  readonly excluded: readonly (readonly FieldPostings[])[];
  /** Lengths of each searched field with its weight. */
  readonly lengths: readonly { readonly weight: number; readonly values: Lengths }[];
}

export interface ScoringInput {
  readonly segments: readonly SegmentInput[];
  readonly clauses: readonly { readonly slots: number; readonly boost: number }[];
  /** Bits that a document's clauses must cover; 0 where any clause is enough. */
  readonly required: number;
  readonly statistics: CollectionStatistics;
  readonly bm25: Bm25;
  /** Weights of an earlier page, so that all pages of a result are ranked alike. */
  readonly idfs?: readonly number[] | undefined;
}

/** Matching documents of one segment, unordered. Valid until the callback returns. */
export type VisitHits = (segment: number, ordinals: Int32Array, found: Scores) => void;

/** Ranks term at a time: sums each clause's BM25 contributions into one score per document. */
export class Scorer {
  readonly #arena = new MatchArena();
  #scores = new Float64Array(0);
  #norms = new Float64Array(0);
  #covered = new Uint32Array(0);
  #touched = new Int32Array(0);

  /** Scores every matching document exactly; returns each clause's inverse document frequency. */
  score(input: ScoringInput, visit: VisitHits): number[] {
    this.#arena.reset();
    const matches = input.segments.map(({ clauses, documents, mask }) =>
      clauses.map((lists) => this.#arena.match(lists, documents, mask)),
    );
    const { documents } = input.statistics;
    const idfs = input.clauses.map((_clause, clause) => {
      const matching = matches.reduce((sum, ranges) => sum + rangeLength(ranges[clause]), 0);
      return input.idfs?.[clause] ?? inverseDocumentFrequency(documents, matching);
    });
    input.segments.forEach((segment, index) => {
      const count = this.#scoreSegment(segment, matches[index] as MatchRange[], input, idfs);
      const kept = this.#select(segment, count, input.required);
      visit(index, this.#touched.subarray(0, kept), { scores: this.#scores, covered: this.#covered });
      this.#clear(count);
    });
    return idfs;
  }

  /** Visits every visible document that passes the filter and is not excluded. */
  selectAll(segments: readonly SegmentInput[], visit: (segment: number, ordinals: Int32Array) => void): void {
    this.#arena.reset();
    segments.forEach((segment, index) => {
      this.#reserve(segment.documents);
      let count = 0;
      for (let ordinal = 0; ordinal < segment.documents; ordinal++)
        if (!segment.mask || segment.mask.has(ordinal)) this.#touched[count++] = ordinal;
      const kept = this.#select(segment, count, 0);
      visit(index, this.#touched.subarray(0, kept));
    });
  }

  /** Adds up all clauses; the documents met are #touched[0] to #touched[returned - 1]. */
  #scoreSegment(
    segment: SegmentInput,
    matches: readonly MatchRange[],
    input: ScoringInput,
    idfs: readonly number[],
  ): number {
    this.#reserve(segment.documents);
    const { ordinals, frequencies } = this.#arena;
    const scores = this.#scores;
    const norms = this.#norms;
    const norm = documentNorm(segment, input);
    let count = 0;
    matches.forEach(({ start, end }, index) => {
      const { slots, boost } = input.clauses[index] as ScoringInput['clauses'][number];
      const weight = boost * (idfs[index] as number);
      for (let i = start; i < end; i++) {
        const ordinal = ordinals[i] as number;
        if (scores[ordinal] === 0) {
          this.#touched[count++] = ordinal;
          norms[ordinal] = norm(ordinal);
        }
        const frequency = frequencies[i] as number;
        scores[ordinal] = (scores[ordinal] as number) + (weight * frequency) / (frequency + (norms[ordinal] as number));
        this.#covered[ordinal] = (this.#covered[ordinal] as number) | slots;
      }
    });
    return count;
  }

  /** Moves the documents that the query really wants to the front of #touched; returns how many they are. */
  #select(segment: SegmentInput, count: number, required: number): number {
    const refused = this.#excluded(segment);
    const { filter } = segment;
    if (!filter && required === 0 && !refused) return count;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const ordinal = this.#touched[i] as number;
      const covers = ((this.#covered[ordinal] as number) & required) === required;
      if (!covers || filter?.has(ordinal) === false || refused?.has(ordinal)) continue;
      this.#touched[i] = this.#touched[kept] as number;
      this.#touched[kept++] = ordinal;
    }
    return kept;
  }

  /** The documents that match what the query leaves out, if it leaves anything out. */
  #excluded({ excluded, documents, mask }: SegmentInput): Bitset | undefined {
    if (excluded.length === 0) return undefined;
    const refused = new Bitset(documents);
    for (const lists of excluded) {
      const { start, end } = this.#arena.match(lists, documents, mask);
      for (let i = start; i < end; i++) refused.add(this.#arena.ordinals[i] as number);
    }
    return refused;
  }

  /** Leaves zeros behind for the next segment, touching only what was touched. */
  #clear(count: number): void {
    for (let i = 0; i < count; i++) {
      const ordinal = this.#touched[i] as number;
      this.#scores[ordinal] = 0;
      this.#covered[ordinal] = 0;
    }
  }

  #reserve(documents: number): void {
    if (this.#scores.length >= documents) return;
    this.#scores = new Float64Array(documents);
    this.#norms = new Float64Array(documents);
    this.#covered = new Uint32Array(documents);
    this.#touched = new Int32Array(documents);
  }
}

/** The length part of BM25's denominator for a document of this segment. */
function documentNorm({ lengths }: SegmentInput, { bm25, statistics }: ScoringInput): (ordinal: number) => number {
  const { averageLength } = statistics;
  const [only] = lengths;
  if (lengths.length === 1 && only) {
    const { values, weight } = only;
    return (ordinal) => lengthNorm(bm25, weight * (values[ordinal] as number), averageLength);
  }
  return (ordinal) => {
    let length = 0;
    for (const { weight, values } of lengths) length += weight * (values[ordinal] as number);
    return lengthNorm(bm25, length, averageLength);
  };
}

function rangeLength(range: MatchRange | undefined): number {
  return range ? range.end - range.start : 0;
}
