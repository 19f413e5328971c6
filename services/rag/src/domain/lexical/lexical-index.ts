import type { Bitset } from '@genai-platform/common/retrieval';
import { lengthNorm } from '@genai-platform/common/retrieval';
import type { Bm25 } from '@genai-platform/common/retrieval';
import { DocumentTable } from './document-table.ts';
import type { IndexedDocument, Metadata } from './indexed-document.ts';
import { PostingLists } from './posting-lists.ts';
import { frequencyIn } from './postings.ts';
import type { PostingRange } from './postings.ts';
import { TopScores } from './top-scores.ts';
import { decodeWords } from './words-codec.ts';

export interface LexicalQuery {
  /** Terms of the query with what each is worth: how rare it is, times how often it stands in the query. */
  readonly terms: ReadonlyMap<string, number>;
  /** Mean words of a chunk. */
  readonly averageLength: number;
  /** Chunks that may be seen; all where undefined. */
  readonly visible: Bitset | undefined;
  /** Chunks that pass the filter; all where undefined. */
  readonly eligible: Bitset | undefined;
  readonly limit: number;
  readonly bm25: Bm25;
}

export interface LexicalHit {
  readonly ordinal: number;
  readonly score: number;
}

export interface LexicalResult {
  readonly hits: readonly LexicalHit[];
  /** Words of the query that the best hit holds. */
  readonly wordsOfBest: number;
}

/** True BM25 over the chunks of a collection, in memory: exact scores, term at a time. */
export class LexicalIndex {
  readonly documents: DocumentTable = new DocumentTable();
  readonly #lists = new PostingLists();
  #scores = new Float64Array(0);
  #touched = new Int32Array(0);
  #version = 0;

  get bytes(): number {
    return this.#lists.bytes + this.documents.bytes + 12 * this.#touched.length;
  }

  /** Another number whenever something has changed: for what is remembered of the index. */
  get version(): number {
    return this.#version;
  }

  /** Documents have to come by ascending number. */
  add(document: IndexedDocument): void {
    this.#version += 1;
    let first = 0;
    decodeWords(document.words, {
      lengths: (lengths) => {
        first = this.documents.add(document, lengths).firstOrdinal;
      },
      word: (term, chunk, count) => this.#lists.add(term, first + chunk, count),
    });
  }

  remove(number: number): void {
    this.#version += 1;
    this.documents.remove(number);
  }

  change(number: number, metadata: Metadata, acl: readonly string[]): void {
    this.#version += 1;
    this.documents.change(number, metadata, acl);
  }

  /** Chunks that hold a term, of those that may be seen. */
  count(term: string, visible: Bitset | undefined): number {
    let count = 0;
    for (const { segment, start, end } of this.#lists.find(term)) {
      for (let i = start; visible !== undefined && i < end; i++) {
        count += Number(visible.has(segment.ordinals[i] as number));
      }
      if (visible === undefined) count += end - start;
    }
    return count;
  }

  /** Scores of single chunks, in their order, as `search` gives them; 0 for those without any word of the query. */
  scoresOf({ terms, averageLength, bm25 }: LexicalQuery, ordinals: readonly number[]): number[] {
    const lists = Array.from(terms, ([term, weight]) => ({ weight, ranges: this.#lists.find(term) }));
    return ordinals.map((ordinal) => {
      const norm = lengthNorm(bm25, this.documents.lengths[ordinal] ?? 0, averageLength);
      let score = 0;
      for (const { weight, ranges } of lists) {
        const frequency = frequencyAt(ranges, ordinal);
        if (frequency > 0) score += (weight * frequency) / (frequency + norm);
      }
      return score;
    });
  }

  search(query: LexicalQuery): LexicalResult {
    this.#reserve();
    const lists = Array.from(query.terms, ([term, weight]) => ({ weight, ranges: this.#lists.find(term) }));
    let touched = 0;
    for (const { weight, ranges } of lists) {
      for (const range of ranges) touched = this.#score(range, weight, query, touched);
    }
    const top = new TopScores(query.limit);
    for (let i = 0; i < touched; i++) {
      const ordinal = this.#touched[i] as number;
      if (query.eligible === undefined || query.eligible.has(ordinal))
        top.offer(ordinal, this.#scores[ordinal] as number);
    }
    for (let i = 0; i < touched; i++) this.#scores[this.#touched[i] as number] = 0;
    const hits = top.list().map(({ place, score }) => ({ ordinal: place, score }));
    const [best] = hits;
    const wordsOfBest =
      best === undefined ? 0 : lists.filter(({ ranges }) => frequencyAt(ranges, best.ordinal) > 0).length;
    return { hits, wordsOfBest };
  }

  #score({ segment, start, end }: PostingRange, weight: number, query: LexicalQuery, before: number): number {
    const { bm25, visible, averageLength } = query;
    const { ordinals, frequencies } = segment;
    const { lengths } = this.documents;
    const scores = this.#scores;
    let touched = before;
    for (let i = start; i < end; i++) {
      const ordinal = ordinals[i] as number;
      if (visible !== undefined && !visible.has(ordinal)) continue;
      const known = scores[ordinal] as number;
      if (known === 0) this.#touched[touched++] = ordinal;
      const frequency = frequencies[i] as number;
      const norm = lengthNorm(bm25, lengths[ordinal] as number, averageLength);
      scores[ordinal] = known + (weight * frequency) / (frequency + norm);
    }
    return touched;
  }

  #reserve(): void {
    const { ordinals } = this.documents;
    if (this.#scores.length >= ordinals) return;
    const size = Math.max(1_024, Math.ceil(ordinals * 1.25));
    this.#scores = new Float64Array(size);
    this.#touched = new Int32Array(size);
  }
}

/** How often the chunk holds the term of these places. */
function frequencyAt(ranges: readonly PostingRange[], ordinal: number): number {
  let frequency = 0;
  for (const range of ranges) frequency += frequencyIn(range, ordinal);
  return frequency;
}
