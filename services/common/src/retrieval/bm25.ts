/** The two knobs of BM25: k1 says how soon repetition stops to count, b how much length is held against a text. */
export interface Bm25 {
  readonly k1: number;
  readonly b: number;
}

/**
 * Inverse document frequency, Lucene's variant of Robertson and Spärck Jones's weight: ln(1 + (N - n + 0.5) / (n + 0.5)),
 * positive for every n from 0 to N.
 *
 * @param documents N: documents that the searcher may see
 * @param matching n: those of them that match
 */
export function inverseDocumentFrequency(documents: number, matching: number): number {
  return Math.log(1 + (documents - matching + 0.5) / (matching + 0.5));
}

/**
 * The part of the denominator that depends on the document: k1 * (1 - b + b * dl / avgdl).
 *
 * @param length dl: words of the document, exact (Lucene rounds it to a byte)
 * @param average avgdl: the mean of dl over the documents that the searcher may see
 */
export function lengthNorm({ k1, b }: Bm25, length: number, average: number): number {
  return k1 * (1 - b + (average > 0 ? (b * length) / average : 0));
}

/**
 * What a frequency is worth: tf / (tf + norm), from 0 to 1. Lucene 8 and later leave out the factor k1 + 1 of
 * Robertson's formula (Okapi at TREC-3, 1994), which changes no order.
 */
export function saturate(frequency: number, norm: number): number {
  return frequency / (frequency + norm);
}
