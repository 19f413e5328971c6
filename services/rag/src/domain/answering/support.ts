import type { Analyzer } from '@genai-platform/common/retrieval';
import { sentencesOf } from '../text/sentences.ts';
import type { Span } from '../text/sentences.ts';

/** Where a sentence that a model has worded is said by a source. */
export interface Support extends Span {
  readonly passage: number;
  /** How many of the sentence's words stand there, from 0 to 1. */
  readonly share: number;
}

/** Less than this, and a source does not say it. */
const ENOUGH = 0.6;

/**
 * The place that says the most of what a sentence says: one sentence of a passage, or two in a row. Numbers and names
 * are words like others here, but none of the sentence's numbers may be missing: a wrong year is no small difference.
 *
 * @param cited passages that the model has named; the others are not looked at unless it has named none
 */
export function supportOf(
  sentence: string,
  passages: readonly string[],
  analyzer: Analyzer,
  cited: readonly number[] = [],
): Support | undefined {
  const wanted = wordsIn(sentence, analyzer);
  if (wanted.size === 0) return undefined;
  const numbers = [...wanted].filter((word) => /\p{N}/u.test(word));
  let best: Support | undefined;
  passages.forEach((text, passage) => {
    if (cited.length > 0 && !cited.includes(passage)) return;
    for (const span of windowsOf(text)) {
      const there = wordsIn(text.slice(span.start, span.end), analyzer);
      if (numbers.some((number) => !there.has(number))) continue;
      const share = [...wanted].filter((word) => there.has(word)).length / wanted.size;
      if (share >= ENOUGH && share > (best?.share ?? 0)) best = { ...span, passage, share };
    }
  });
  return best;
}

/** Sentences alone first: two are needed only where they say more. */
function windowsOf(text: string): Span[] {
  const spans = sentencesOf(text);
  const pairs = spans.slice(1).map((span, i) => ({ start: (spans[i] as Span).start, end: span.end }));
  return [...spans, ...pairs];
}

function wordsIn(text: string, analyzer: Analyzer): Set<string> {
  const words = new Set<string>();
  analyzer.analyze(text, ({ term }) => {
    if (term !== undefined) words.add(term);
  });
  return words;
}
