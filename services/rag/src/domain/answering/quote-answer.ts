import type { CitedText, Citation } from './citation.ts';
import type { ScoredSentence } from './sentence-scores.ts';

/** Fitted on questions of which the answer is known (see README): words, nearness, the kind of word, the rank. */
const WEIGHTS = { coverage: 0.3, window: 0.2, similarity: 0.75, kind: 0.1, rank: 0.06 } as const;
/** A further sentence is quoted if it is this good, compared with the best. */
const WORTH_QUOTING = 0.92;

/** How well each sentence answers, beside the others. @param similarities to the question, where anything was embedded */
export function answerScores(
  sentences: readonly ScoredSentence[],
  similarities: readonly number[] | undefined,
): number[] {
  return sentences.map(
    ({ coverage, windowCoverage, holdsKind, passage }, i) =>
      WEIGHTS.coverage * coverage +
      WEIGHTS.window * windowCoverage +
      WEIGHTS.similarity * (similarities?.[i] ?? 0) +
      WEIGHTS.kind * Number(holdsKind) -
      WEIGHTS.rank * passage,
  );
}

/** Answers by quoting: the sentences that answer best, in the order in which they stand, each as its own citation. */
export function quoteAnswer(sentences: readonly ScoredSentence[], scores: readonly number[], most: number): CitedText {
  const ranked = sentences
    .map((sentence, i) => ({ sentence, score: scores[i] as number }))
    .sort((a, b) => b.score - a.score);
  const best = ranked[0]?.score ?? 0;
  const chosen = ranked
    .slice(0, most)
    .filter(({ score }, i) => i === 0 || score >= WORTH_QUOTING * best)
    .map(({ sentence }) => sentence)
    .sort((a, b) => a.passage - b.passage || a.start - b.start);
  let text = '';
  const citations = chosen.map((sentence): Citation => {
    if (text !== '') text += ' ';
    const answerStart = text.length;
    text += sentence.text;
    const { passage, start, end } = sentence;
    return { passage, start, end, text: sentence.text, answerStart, answerEnd: text.length };
  });
  return { text, citations };
}
