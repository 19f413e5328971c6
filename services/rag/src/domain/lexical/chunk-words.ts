import type { Analyzer } from '@genai-platform/common/retrieval';

/** How often each term stands in a chunk. */
export interface ChunkWords {
  /** Words that have a term, repetitions counted: BM25's length. */
  readonly length: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** The words of a chunk, its context included. */
export function wordsOf(analyzer: Analyzer, ...texts: readonly string[]): ChunkWords {
  const counts = new Map<string, number>();
  let length = 0;
  for (const text of texts) {
    analyzer.analyze(text, ({ term }) => {
      if (term === undefined) return;
      counts.set(term, (counts.get(term) ?? 0) + 1);
      length += 1;
    });
  }
  return { length, counts };
}
