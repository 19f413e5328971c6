import { popCount } from '@genai-platform/common/retrieval';
import type { Column } from '../segment/column.ts';
import type { DocumentNumbers } from '../segment/document-numbers.ts';
import { FacetCounter } from './facets.ts';
import type { FacetRequest, FacetResult } from './facets.ts';
import { compareBy, sortKeys } from './sort-order.ts';
import type { SortTerm } from './sort-order.ts';
import { TopHits } from './top-hits.ts';
import type { CompareHits, Hit } from './top-hits.ts';

/** Where a page starts: after the hit with these keys. */
export type Position = Pick<Hit, 'number' | 'score' | 'keys'>;

/** What the matching documents scored, by ordinal. */
export interface Scores {
  readonly scores: Float64Array;
  /** Words of the query that each document holds, one bit each. */
  readonly covered: Uint32Array;
}

export interface CollectorOptions {
  readonly sort: readonly SortTerm[];
  readonly limit: number;
  readonly after?: Position | undefined;
  readonly facets: readonly FacetRequest[];
  readonly segments: readonly { readonly numbers: DocumentNumbers; readonly columns: ReadonlyMap<string, Column> }[];
}

/** Takes the matching documents of each segment and keeps what the reply needs: a page of hits, the total, facets. */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #compare: CompareHits;
  readonly #top: TopHits;
  readonly #facets: readonly FacetCounter[];
  #total = 0;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#compare = compareBy(options.sort);
    this.#top = new TopHits(options.limit, this.#compare);
    this.#facets = options.facets.map((facet) => new FacetCounter(facet));
  }

  /** @param found all scores are zero where undefined */
  add(segment: number, ordinals: Int32Array, found: Scores | undefined): void {
    this.#total += ordinals.length;
    this.#options.facets.forEach(({ field }, i) => this.#facets[i]?.add(this.#column(segment, field), ordinals));
    const byScore = this.#options.sort.length === 0;
    for (const ordinal of ordinals) {
      const score = found ? (found.scores[ordinal] as number) : 0;
      // Most documents of a long list are below the page: they cost one comparison.
      if (byScore && score < this.#top.lowestScore) continue;
      this.#addHit(segment, ordinal, { score, words: found ? popCount(found.covered[ordinal] as number) : 0 });
    }
  }

  get total(): number {
    return this.#total;
  }

  hits(): Hit[] {
    return this.#top.toSorted();
  }

  facets(): FacetResult[] {
    return this.#facets.map((facet) => facet.result());
  }

  #addHit(segment: number, ordinal: number, { score, words }: Pick<Hit, 'score' | 'words'>): void {
    const { sort, after, segments } = this.#options;
    const { numbers, columns } = segments[segment] as CollectorOptions['segments'][number];
    const keys = sort.length === 0 ? [] : sortKeys(sort, columns, { ordinal, score });
    const hit = { segment, ordinal, number: numbers.numberOf(ordinal), score, words, keys };
    if (after && this.#compare(hit, { ...hit, ...after }) <= 0) return;
    this.#top.add(hit);
  }

  #column(segment: number, field: string): Column {
    return this.#options.segments[segment]?.columns.get(field) as Column;
  }
}
