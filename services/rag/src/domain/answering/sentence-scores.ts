import type { Analyzer } from '@genai-platform/common/retrieval';
import type { Span } from '../text/sentences.ts';
import { sentencesOf } from '../text/sentences.ts';
import { holdsKind, shareOf, termsIn } from './question.ts';
import type { Question } from './question.ts';

/** A sentence that may answer, with where it is. */
export interface ScoredSentence extends Span {
  /** The passage, by its place in the ranking. */
  readonly passage: number;
  readonly text: string;
  /** Share of the question that its words make up, by how rare they are, from 0 to 1. */
  readonly coverage: number;
  /** The same with the sentence before and the one after it. */
  readonly windowCoverage: number;
  /** Whether it holds the kind of word that is asked for. */
  readonly holdsKind: boolean;
}

/** The sentences of passages, in their order, with how much of the question each of them holds. */
export function scoreSentences(texts: readonly string[], question: Question, analyzer: Analyzer): ScoredSentence[] {
  return texts.flatMap((text, passage) => {
    const spans = sentencesOf(text);
    const terms = spans.map(({ start, end }) => termsIn(text.slice(start, end), question, analyzer));
    return spans.map((span, i) => {
      const window = new Set([...(terms[i - 1] ?? []), ...(terms[i] ?? []), ...(terms[i + 1] ?? [])]);
      const sentence = text.slice(span.start, span.end);
      return {
        ...span,
        passage,
        text: sentence,
        coverage: shareOf(terms[i] ?? new Set(), question),
        windowCoverage: shareOf(window, question),
        holdsKind: holdsKind(sentence, question, analyzer),
      };
    });
  });
}
