/** What ranking texts needs, wherever they are kept: words of a text, BM25, the fusion of words with vectors, measures. */
export { Analyzer, createAnalyzer } from './analyzer.ts';
export type { AnalyzerSettings, VisitForm, WordForm } from './analyzer.ts';
export { Bitset, popCount } from './bitset.ts';
export { inverseDocumentFrequency, lengthNorm, saturate } from './bm25.ts';
export type { Bm25 } from './bm25.ts';
export { fuse } from './fusion.ts';
export type { Candidate, FusedCandidate, FusionOptions } from './fusion.ts';
export { chooseLegs } from './guard.ts';
export type { LegEvidence, Legs } from './guard.ts';
export { dotProduct } from './dot-product.ts';
export { LANGUAGES, STEMMERS, loadStemmer } from './languages.ts';
export type { Language, Stem } from './languages.ts';
export { mean, standardDeviation } from './moments.ts';
export { lowerCase, foldAccents } from './fold.ts';
export { averagePrecision, normalizedGain, recall, reciprocalRank, relevantWithin } from './ranking-measures.ts';
export { stopWords } from './stop-words.ts';
export { tokenize } from './tokenizer.ts';
export { parseWordKey, wordKey } from './word-key.ts';
