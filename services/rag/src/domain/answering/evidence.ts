import type { Analyzer } from '@genai-platform/common/retrieval';
import { shareOf, termsIn } from './question.ts';
import type { Question } from './question.ts';
import type { ScoredSentence } from './sentence-scores.ts';

/** What retrieval says of one passage. */
export interface PassageEvidence {
  readonly text: string;
  /** Cosine; absent where nothing was embedded. */
  readonly similarity: number | undefined;
}

/** What speaks for the passages holding an answer; each from 0 to 1, but for differences. */
export interface Evidence {
  /** Nearness of the nearest passage. */
  readonly similarity: number;
  /** How far it stands out from the others. */
  readonly standsOut: number;
  /** Nearness of the nearest sentence. */
  readonly sentenceSimilarity: number;
  /** How far the nearest sentence stands out from the other sentences. */
  readonly sentenceStandsOut: number;
  /** How much of the question the best passage holds. */
  readonly coverage: number;
  /** How much of it three sentences in a row hold. */
  readonly windowCoverage: number;
  /** How much of it one sentence holds. */
  readonly sentenceCoverage: number;
  /** Whether the best sentences hold the kind of word that is asked for. */
  readonly kind: number;
  /** How much more of the question the best passage holds than the next. */
  readonly coverageLead: number;
}

/** Sentences that are looked at for the kind of word that is asked for. */
const BEST_SENTENCES = 3;

/** @param similarities of the sentences, in their order; undefined where nothing was embedded */
export function collectEvidence(
  question: Question,
  passages: readonly PassageEvidence[],
  { sentences, similarities }: { sentences: readonly ScoredSentence[]; similarities: readonly number[] | undefined },
  analyzer: Analyzer,
): Evidence {
  const known = passages.flatMap(({ similarity }) => similarity ?? []).toSorted((a, b) => b - a);
  const coverages = passages.map(({ text }) => shareOf(termsIn(text, question, analyzer), question));
  const [best = 0, next = 0] = coverages.toSorted((a, b) => b - a);
  const near = (similarities ?? []).toSorted((a, b) => b - a);
  const top = sentences
    .map((sentence, i) => ({ sentence, score: sentence.coverage + (similarities?.[i] ?? 0) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, BEST_SENTENCES);
  return {
    similarity: known[0] ?? 0,
    standsOut: (known[0] ?? 0) - meanOf(known.slice(1, 5)),
    sentenceSimilarity: near[0] ?? 0,
    sentenceStandsOut: (near[0] ?? 0) - meanOf(near.slice(1)),
    coverage: best,
    windowCoverage: Math.max(0, ...sentences.map((sentence) => sentence.windowCoverage)),
    sentenceCoverage: Math.max(0, ...sentences.map((sentence) => sentence.coverage)),
    kind: Number(top.some(({ sentence }) => sentence.holdsKind)),
    coverageLead: best - next,
  };
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
