import type { VisibleSegment } from './visibility.ts';

/** The weight of each text field that is searched: how many times a word there counts. */
export type FieldWeights = Readonly<Record<string, number>>;

/** What BM25 needs to know of the whole collection. */
export interface CollectionStatistics {
  /** N */
  readonly documents: number;
  /** avgdl, with each field's words counted by its weight. */
  readonly averageLength: number;
}

/**
 * Statistics for weighted fields after "Simple BM25 extension to multiple weighted fields" (Robertson, Zaragoza and
 * Taylor, CIKM 2004): a field of weight w is as if written w times, so frequencies and lengths are weighted sums over
 * fields and then go through BM25 once. With all weights 1 that is BM25 of the fields written one after another
 * (Lucene: CombinedFieldQuery).
 */
export function collectionStatistics(segments: readonly VisibleSegment[], weights: FieldWeights): CollectionStatistics {
  let documents = 0;
  let length = 0;
  for (const segment of segments) {
    documents += segment.documents;
    for (const [field, weight] of Object.entries(weights)) length += weight * (segment.totals[field] ?? 0);
  }
  return { documents, averageLength: documents === 0 ? 0 : length / documents };
}
